"""`commonground load`: every row once, through the front door, however it is interrupted."""

import csv
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server

from commonground.failures import Failed
from services.intake.app import create_app
from services.intake.models import audit, submissions
from services.routing.models import cases
from shared.config import Settings
from tests.integration.commands.town import ROOT, Town

COMPLAINTS = ROOT.parent / "shared" / "data" / "complaints.csv"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None: ...  # noqa: A002


class Door:
    """The front door on a real socket, with a staff token that opens it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.app = create_app(Settings.load("intake", town.environ))
        self.server = make_server("127.0.0.1", 0, self.answer, threaded=True, request_handler=_Quiet)
        self.posts = 0
        self.break_after: int | None = None
        self.token = town.told("token", "create", "--user", "ivy.sample")["token"]
        town.relay("routing")
        town.consume("intake")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def answer(self, environ: Any, start_response: Any) -> Any:
        self.posts += 1
        if self.break_after is not None and self.posts > self.break_after:
            start_response("404 Not Found", [("Content-Length", "0")])
            return [b""]
        return self.app(environ, start_response)

    def load(self, file: Path, *args: str) -> dict[str, Any]:
        return dict(self.town.told("load", str(file), "--url", self.url, "--token", self.token, *args))

    def forget_what_was_noted(self) -> None:
        """As if a crash had come between what was taken and what was noted."""
        for journal in (Path(self.town.environ["DATA_DIR"]) / "loads").glob("*.journal"):
            journal.unlink()

    def stored(self) -> int:
        with self.town.engines["intake"].connect() as conn:
            return int(conn.execute(select(func.count()).select_from(submissions)).scalar_one())


@pytest.fixture
def door(small_town: Town) -> Iterator[Door]:
    opened = Door(small_town)
    threading.Thread(target=opened.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()
    house = opened.app.extensions["commonground.intake"]
    house.bell.close()
    house.engine.dispose()


def rows_file(folder: Path, *rows: str, header: str = "id,narrative,classification,district") -> Path:
    file = folder / "rows.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def many(folder: Path, number: int) -> Path:
    return rows_file(folder, *(f"{i},The noise of night {i} was loud.,LACK OF SERVICE,9" for i in range(number)))


def test_rows_come_in_by_the_front_door_as_imports_of_a_member_of_staff(door: Door, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "1,They did not come.,lack of service,9", "2,He was pushed.,PHYSICAL ABUSE,N/A")
    told = door.load(file, "--map", "text=narrative")
    assert (told["accepted"], told["rejected"], told["complete"], told["exit"]) == (2, 0, True, 0)
    assert told["ignored_columns"] == ["id"]
    with door.town.engines["intake"].connect() as conn:
        kept = conn.execute(select(submissions).order_by(submissions.c.category)).all()
        actors = set(conn.scalars(select(audit.c.actor)))
    assert [(row.category, row.district, row.channel) for row in kept] == [
        ("force", None, "import"), ("neglect", "9", "import"),
    ]  # fmt: skip
    assert len(actors) == 1
    assert actors.pop().startswith("staff:")


def test_a_second_load_of_the_same_file_posts_nothing(door: Door, tmp_path: Path) -> None:
    file = many(tmp_path, 12)
    assert door.load(file, "--map", "text=narrative")["accepted"] == 12
    posts = door.posts
    again = door.load(file, "--map", "text=narrative")
    assert (again["accepted"], again["before"], again["exit"], door.posts) == (0, 12, 0, posts)


def test_an_interrupted_load_goes_on_where_it_stopped(door: Door, tmp_path: Path) -> None:
    file = many(tmp_path, 40)
    door.break_after = 17
    broken = door.town.command(
        "load", str(file), "--url", door.url, "--token", door.token, "--map", "text=narrative", "--connections", "3"
    )
    assert broken.exit_code == 1
    assert 0 < door.stored() < 40
    door.break_after = None
    told = door.load(file, "--map", "text=narrative")
    assert told["complete"]
    assert told["before"] > 0
    assert door.stored() == 40


def test_rows_that_were_taken_but_not_noted_are_not_taken_twice(door: Door, tmp_path: Path) -> None:
    file = many(tmp_path, 9)
    door.load(file, "--map", "text=narrative")
    door.forget_what_was_noted()
    again = door.load(file, "--map", "text=narrative")
    assert (again["accepted"], door.stored()) == (9, 9)


def test_a_file_can_be_loaded_again_as_new_rows(door: Door, tmp_path: Path) -> None:
    file = many(tmp_path, 9)
    door.load(file, "--map", "text=narrative")
    again = door.load(file, "--map", "text=narrative", "--again")
    assert (again["accepted"], door.stored()) == (9, 18)
    door.load(file, "--map", "text=narrative", "--again", "--limit", "4")
    assert door.load(file, "--map", "text=narrative")["before"] == 4
    assert door.stored() == 27


def test_other_columns_make_other_rows_of_a_file(door: Door, tmp_path: Path) -> None:
    file = many(tmp_path, 9)
    door.load(file, "--map", "text=narrative")
    door.forget_what_was_noted()
    told = door.load(file, "--map", "text=classification")
    assert (told["accepted"], told["rejected"], door.stored()) == (9, 0, 18)


@pytest.mark.parametrize(
    "url", ["localhost:8000", "127.0.0.1:8000", "ftp://localhost", "http://[::1", "http://h:x"]
)
def test_an_address_that_is_none_is_said_so(small_town: Town, tmp_path: Path, url: str) -> None:
    done = small_town.command(
        "load", str(many(tmp_path, 1)), "--map", "text=narrative", "--url", url, "--token", "x"
    )
    assert done.exit_code == 1
    assert isinstance(done.exception, Failed)
    assert "Example: http://127.0.0.1:8000" in str(done.exception)


def test_a_file_that_holds_no_token_is_said_so(small_town: Town, tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    file = str(many(tmp_path, 1))
    done = small_town.command(
        "load", file, "--map", "text=narrative", "--url", "http://h", "--token-file", str(tmp_path / "token")
    )
    assert "no staff token" in str(done.exception)


def test_the_first_rows_only(door: Door, tmp_path: Path) -> None:
    file = many(tmp_path, 9)
    told = door.load(file, "--map", "text=narrative", "--limit", "4")
    assert (told["rows"], told["accepted"], told["exit"], door.stored()) == (4, 4, 0, 4)
    assert door.load(file, "--map", "text=narrative")["accepted"] == 5


def test_rows_that_are_not_taken_come_back_with_the_reason(door: Door, tmp_path: Path) -> None:
    file = rows_file(
        tmp_path,
        "Loud,noise,12",
        " ,noise,",
        "Loud,no-such-thing,",
        "Loud,noise,,one too many",
        "Quiet,noise,north",
        "Quiet,noise,nan",
        header="text,category,lat",
    )
    told = door.load(file)
    assert (told["accepted"], told["rejected"], told["complete"], told["exit"]) == (0, 6, False, 1)
    with Path(told["rejected_file"]).open(newline="", encoding="utf-8") as handed_back:
        reasons = {row["row"]: row["reason"] for row in csv.DictReader(handed_back)}
    assert "lon" in reasons["1"]
    assert "/text" in reasons["2"]
    assert "/category" in reasons["3"]
    assert reasons["4"] == "The row has more values than the file has columns."
    assert reasons["5"] == "lat is no number: north"
    assert reasons["6"] == "lat is no number: nan"
    assert door.stored() == 0


def test_people_are_told_what_happens(door: Door, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "1,x,,", "2,,,")
    done = door.town.command("load", str(file), "--url", door.url, "--token", door.token, "--map", "text=narrative")
    assert done.exit_code == 1
    assert "Ignored columns: id" in done.output
    assert "1 of 2 rows accepted" in done.output
    assert "rows.csv.rejected.csv with the reason" in done.output


def test_a_token_may_stand_in_a_file(door: Door, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{door.token}\n")
    file = many(tmp_path, 1)
    done = door.town.told(
        "load", str(file), "--url", door.url, "--token-file", str(tmp_path / "token"), "--map", "text=narrative"
    )
    assert done["accepted"] == 1


def test_all_real_complaints_go_in_and_conduct_reaches_no_police_team(door: Door) -> None:
    if not COMPLAINTS.exists():
        pytest.skip("the complaints are not beside this checkout")
    told = door.load(COMPLAINTS, "--map", "text=narrative,occurred_at=date_received", "--connections", "16")
    assert (told["accepted"], told["rejected"], told["exit"]) == (1800, 0, 0)
    door.town.relay()
    door.town.consume("routing")
    account = door.town.told("reconcile")
    assert (account["accepted"], account["cases"], account["unowned"], account["exit"]) == (1800, 1800, 0, 0)
    city = door.town.house.understanding.city
    with door.town.engines["routing"].connect() as conn:
        kept = conn.execute(select(cases)).all()
    police = [row for row in kept if row.organisation == "police"]
    assert {row.category for row in police} == {"neglect"}
    assert not any(row.names_person for row in police)
    assert sum(row.district is None for row in kept) == 50
    assert all(city.is_guarded(row.category) or row.category == "neglect" for row in kept)
