"""`commonground run --demo` as a newcomer runs it: real processes, a journey, and every kind of kill."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.integration.commands.embedded import CHILDREN, Embedded, case_of, status, until

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("installation")]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """Started once; what a test kills it starts again."""
    made = Embedded(tmp_path_factory.mktemp("embedded") / "var")
    made.start()
    yield made
    made.end()


@pytest.fixture
def running(installation: Embedded) -> Embedded:
    until(installation.ready, "ready")
    return installation


def test_it_tells_where_everything_is_and_who_may_sign_in(running: Embedded) -> None:
    told = running.told
    assert told["addresses"]["Console"] == f"{running.url}/console/"
    assert told["addresses"]["A phone to text from"] == f"{running.url}/demo/phone"
    roles = {each["role"] for each in told["sign_ins"]}
    assert roles == {"police liaison", "partner liaison", "supervisor", "oversight", "administrator"}
    assert len(status(running, told["receipt"])["messages"]) >= 1
    for path in ("/", "/report", "/track", "/demo/phone", "/api/openapi.json", "/healthz", "/metrics"):
        assert requests.get(running.url + path, timeout=10).status_code == 200, path


def test_its_secrets_are_its_owners_alone(running: Embedded) -> None:
    for name in ("installation.json", "intake.db", "routing.db", "notifications.db", "bus.db"):
        assert (running.folder / name).exists()
    assert (running.folder / "installation.json").stat().st_mode & 0o077 == 0
    assert running.folder.stat().st_mode & 0o077 == 0


def test_the_demo_is_alive_from_the_start(running: Embedded) -> None:
    account = running.command("reconcile", "--wait", "60")
    assert account["cases"] >= 10
    assert account["replies"] >= 1
    assert account["agrees"]


def test_a_resident_tells_a_liaison_answers_and_the_resident_writes_back(running: Embedded) -> None:
    told = running.report(contact={"email": "wren@resident.example"})
    token = running.token_of("police liaison")
    case = case_of(running, told["id"], token)
    headers = {"Authorization": f"Bearer {token}", "If-Match": case.headers["ETag"]}
    url = f"{running.url}/api/staff/v1/cases/{told['id']}/replies"
    assert requests.post(url, json={"text": "It is off now."}, headers=headers, timeout=10).ok
    answered = until(
        lambda: [m for m in status(running, told["receipt"])["messages"] if m["from"] == "us"], "the answer"
    )
    assert answered[0]["text"] == "It is off now."
    back = requests.post(
        f"{running.url}/api/v1/feedback/messages",
        json={"text": "Thank you."},
        headers={"Authorization": f"Bearer {told['receipt']}"},
        timeout=10,
    )
    assert back.status_code == 201
    until(lambda: "Thank you." in case_of(running, told["id"], token).text, "the words of the resident")


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_a_process_that_is_killed_is_started_again_and_nothing_is_lost(running: Embedded, name: str) -> None:
    running.report()
    victim = running.children()[name]
    victim.kill()
    until(lambda: running.children().get(name, victim).pid != victim.pid, f"{name} anew")
    until(running.ready, "ready again")
    running.report()
    account = running.command("reconcile", "--wait", "60")
    assert (account["in_flight"], account["agrees"], account["dead_letters"]) == (0, True, 0)


def test_the_process_that_answers_requests_is_started_again_too(running: Embedded) -> None:
    (worker,) = running.children()["web"].children()
    worker.kill()
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, "its end")
    until(running.ready, "ready again")
    running.report()


def test_a_kill_of_the_supervising_process_leaves_nobody_behind(running: Embedded) -> None:
    before = running.command("reconcile", "--wait", "60")["accepted"]
    family = running.everything()
    assert len(family) >= 6
    told = running.report()
    family[0].kill()
    psutil.wait_procs(family, timeout=10)
    assert [
        process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ] == []
    running.end()
    running.start()
    account = running.command("reconcile", "--wait", "60")
    assert (account["accepted"], account["in_flight"], account["agrees"]) == (before + 1, 0, True)
    assert status(running, told["receipt"])["state"] in ("received", "with_a_person")


def test_a_kill_of_everything_at_once_loses_nothing(running: Embedded) -> None:
    before = running.command("reconcile", "--wait", "60")["accepted"]
    receipts = [running.report()["receipt"] for _ in range(5)]
    for process in running.everything():
        process.kill()
    running.end()
    running.start()
    account = running.command("reconcile", "--wait", "60")
    assert (account["accepted"], account["in_flight"], account["agrees"]) == (before + 5, 0, True)
    assert all(status(running, receipt)["sequence"] for receipt in receipts)


def test_a_file_is_loaded_without_naming_address_or_token(running: Embedded, tmp_path: Path) -> None:
    before = running.command("reconcile", "--wait", "60")["accepted"]
    file = tmp_path / "rows.csv"
    file.write_text(
        "".join(["narrative,classification\n", *(f"Night {n} was loud.,DOMESTIC\n" for n in range(20))])
    )
    told = running.command("load", str(file), "--map", "text=narrative")
    assert (told["accepted"], told["complete"]) == (20, True)
    account = running.command("reconcile", "--wait", "60")
    assert (account["accepted"], account["in_flight"], account["agrees"]) == (before + 20, 0, True)


def test_a_second_one_on_the_same_folder_or_port_is_refused_in_words(running: Embedded, tmp_path: Path) -> None:
    def attempt(**other: str) -> str:
        command = [sys.executable, "-m", "commonground", "run", "--demo"]
        done = subprocess.run(
            command, env=running.environment() | other, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    assert f"already runs (process {running.process.pid})" in attempt()  # type: ignore[union-attr]
    assert f"Port {running.port} on 127.0.0.1 is taken" in attempt(DATA_DIR=str(tmp_path / "other"))


def test_it_stops_cleanly_and_goes_on_where_it_was(running: Embedded) -> None:
    before = running.command("reconcile", "--wait", "60")
    passwords = running.told["sign_ins"]
    began = time.monotonic()
    family = running.everything()
    assert running.stop() == 0
    assert time.monotonic() - began < 16
    assert [
        process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ] == []
    assert not running.ready()
    running.start()
    after = running.command("reconcile", "--wait", "60")
    assert after["accepted"] == before["accepted"]
    assert running.told["sign_ins"] == passwords
