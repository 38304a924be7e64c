"""`db`, `topics`, `deadletters` and `doctor`: they say what is, do what is asked, and end with the right code."""

import os
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text, update

from services.intake.models import outbox
from services.routing.models import people
from shared.bus import TOPICS, Message
from shared.clock import SystemClock
from tests.integration.commands.town import Town


def finding(town: Town, about: str) -> dict[str, str]:
    found = [check for check in town.told("doctor")["checks"] if check["about"] == about]
    assert len(found) == 1, found
    return dict(found[0])


def test_databases_are_upgraded_once_and_say_where_they_stand(town: Town) -> None:
    with town.engines["intake"].begin() as conn:
        conn.execute(text("DROP TABLE alembic_version"))
    behind = town.told("db", "status")
    assert behind["exit"] == 1
    state = {row["service"]: row["pending"] for row in behind["databases"]}
    assert state["intake"]
    assert state["routing"] == state["notifications"] == []


def test_an_empty_database_is_brought_to_the_newest_revision(small_town: Town, tmp_path: Path) -> None:
    small_town.environ = small_town.environ | {"INTAKE_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    assert small_town.told("db", "status", "--service", "intake")["exit"] == 1
    assert small_town.told("db", "upgrade")["exit"] == 0
    assert small_town.told("db", "status")["exit"] == 0
    assert small_town.told("db", "upgrade")["exit"] == 0


def test_topics_are_created_once_and_checked(small_town: Town, tmp_path: Path) -> None:
    small_town.environ = small_town.environ | {"BUS_URL": f"sqlite:///{tmp_path}/new-bus.db"}
    missing = small_town.told("topics", "check")
    assert missing["exit"] == 1
    assert len(missing["problems"]) == len(TOPICS)
    assert len(small_town.told("topics", "create")["created"]) == len(TOPICS)
    assert small_town.told("topics", "create")["created"] == []
    assert small_town.told("topics", "check") == {"problems": [], "ok": True, "exit": 0}


def test_topics_need_no_other_setting(small_town: Town) -> None:
    small_town.environ = {"BUS_URL": small_town.environ["BUS_URL"], "DATA_DIR": "/nonexistent"}
    assert small_town.command("topics", "check").exit_code == 0


def dead_letter(town: Town) -> UUID:
    """A record on the bus that is no event."""
    publisher = town.bus.publisher()
    publisher.publish([Message("commonground.feedback", b"k", b"not json", ())], 10)
    publisher.close()
    town.consume("routing")
    return UUID(town.told("deadletters", "list", "--service", "routing", "--json")[0]["id"])


def test_a_dead_letter_is_listed_shown_and_replayed(small_town: Town) -> None:
    letter = dead_letter(small_town)
    listed = small_town.told("deadletters", "list")
    assert [(row["id"], row["service"], row["reason"]) for row in listed] == [
        (str(letter), "routing", "undecodable")
    ]
    shown = small_town.told("deadletters", "show", str(letter))
    assert (shown["value"], shown["topic"], shown["service"]) == ("not json", "commonground.feedback", "routing")
    dry = small_town.told("deadletters", "replay", "--dry-run")
    assert [row["outcome"] for row in dry["letters"]] == ["stays"]
    assert small_town.told("deadletters", "replay", str(letter))["exit"] == 0
    assert "no event" in small_town.command("deadletters", "replay").output


def test_a_dead_letter_with_an_item_goes_back_to_the_worker_and_becomes_a_case(town: Town) -> None:
    town.tell()
    town.relay()
    refuse(town)
    assert town.told("reconcile")["dead_letters"] == 1
    assert town.told("deadletters", "replay", "--dry-run")["letters"][0]["outcome"] == "sent"
    assert town.told("reconcile")["dead_letters"] == 1
    assert town.told("deadletters", "replay")["letters"][0]["outcome"] == "sent"
    town.relay()
    town.consume("routing")
    town.told("deadletters", "replay")
    assert {name: town.told("reconcile")[name] for name in ("cases", "dead_letters", "exit")} == {
        "cases": 1, "dead_letters": 0, "exit": 0,
    }  # fmt: skip


def refuse(town: Town) -> None:
    """As if the bus had refused the event for good before it was sent."""
    with town.engines["intake"].begin() as conn:
        conn.execute(update(outbox).values(sent_at=None, dead_at=SystemClock().now(), error="too large"))


def test_an_unknown_letter_is_said_so(small_town: Town) -> None:
    nobody = str(UUID(int=7))
    for command in ("show", "replay"):
        done = small_town.command("deadletters", command, nobody)
        assert done.exit_code == 1
        assert f"There is no dead letter {nobody}" in str(done.exception)
    assert "There are no dead letters." in small_town.command("deadletters", "list").output


def test_the_doctor_finds_a_town_well(town: Town) -> None:
    told = town.told("doctor")
    assert (told["ok"], told["exit"]) == (True, 0), [c for c in told["checks"] if c["state"] == "wrong"]
    names = {check["about"] for check in told["checks"]}
    assert {"settings", "city pack", "event log", "intake database", "routing clock", "disk", "staff"} <= names
    assert {"queue oversight", "queue front-desk", "notifications sealing", "texts", "mail"} <= names


def test_the_doctor_says_what_to_do(small_town: Town) -> None:
    with small_town.engines["routing"].begin() as conn:
        conn.execute(update(people).values(active=False))
    done = small_town.command("doctor")
    assert done.exit_code == 1
    assert "✗ staff: there is no active administrator" in done.output
    assert "→ commonground user add LOGIN --name NAME --role administrator" in done.output
    assert "✗ queue oversight: nobody active answers for it" in done.output


def test_the_doctor_notices_keys_that_open_nothing(small_town: Town) -> None:
    small_town.tell()
    small_town.environ = small_town.environ | {"SEALING_KEYS": "A" * 43 + "="}
    found = finding(small_town, "intake sealing")
    assert (found["state"], found["words"]) == ("wrong", "1 of 1 items looked at cannot be opened")


def test_the_doctor_notices_keys_that_grew_old(small_town: Town) -> None:
    small_town.tell()
    newest = "A" * 43 + "="
    small_town.environ = small_town.environ | {"SEALING_KEYS": f"{newest},{small_town.environ['SEALING_KEYS']}"}
    assert finding(small_town, "intake sealing")["state"] == "note"


@pytest.mark.parametrize(
    ("setting", "value", "about", "words"),
    [
        ("TWILIO_ACCOUNT_SID", "AC1", "texts", "TWILIO_AUTH_TOKEN, TWILIO_FROM missing"),
        ("SMTP_URL", "smtp://mail.example", "mail", "MAIL_FROM is missing"),
        ("PUBLIC_URL", "http://listen.example", "PUBLIC_URL", "http://listen.example is not encrypted"),
    ],
)
def test_the_doctor_notices_settings_that_do_not_fit(
    small_town: Town, setting: str, value: str, about: str, words: str
) -> None:
    small_town.environ = small_town.environ | {setting: value}
    found = finding(small_town, about)
    assert (found["state"], found["words"]) == ("wrong", words)


def test_the_doctor_goes_on_after_a_check_that_cannot_be_made(small_town: Town, tmp_path: Path) -> None:
    small_town.environ = small_town.environ | {"BUS_URL": f"sqlite:///{tmp_path}"}
    told = small_town.told("doctor")
    assert told["exit"] == 1
    assert [check["about"] for check in told["checks"] if check["state"] == "wrong"] == ["event log"]
    assert any(check["about"] == "disk" for check in told["checks"])


def test_the_doctor_counts_dead_letters(small_town: Town) -> None:
    dead_letter(small_town)
    assert finding(small_town, "routing dead letters")["todo"].startswith("commonground deadletters list")


def test_secrets_that_others_may_read_are_noticed(small_town: Town) -> None:
    folder = Path(small_town.environ["DATA_DIR"])
    folder.mkdir(exist_ok=True)
    file = folder / "installation.json"
    file.write_bytes(orjson.dumps({"secrets": {}, "demo": False, "given": {}}))
    os.chmod(file, 0o644)  # noqa: PTH101 - said as an operator would
    assert finding(small_town, "secrets")["state"] == "wrong"
    file.chmod(0o600)
    assert finding(small_town, "secrets")["state"] == "ok"
