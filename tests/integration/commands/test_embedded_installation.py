"""`commonground run --demo` as a newcomer runs it: real processes, a journey, and every kind of kill."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.integration.commands.town import ROOT
from tests.servers.processes import free_port

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("embedded installation")]

CHILDREN = {"web", "intake-worker", "routing-worker", "notifications-worker"}
NOISE = {"text": "A pump runs all night.", "category": "noise", "location": {"district": "9"}}


def until(look: Callable[[], Any], what: str, within_s: float = 30.0) -> Any:
    deadline = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what}: not within {within_s} s"
        time.sleep(0.1)
    return found


@dataclass
class Embedded:
    """One data folder, started as often as a test likes."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[str] | None" = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | {"PYTHONPATH": str(ROOT), "DATA_DIR": str(self.folder), "PORT": str(self.port)}

    def start(self) -> None:
        log = (self.folder.parent / "supervisor.log").open("ab")
        command = [sys.executable, "-m", "commonground", "run", "--demo", "--json"]
        self.process = subprocess.Popen(
            command, env=self.environment(), cwd=self.folder.parent, stdout=subprocess.PIPE, stderr=log, text=True
        )
        log.close()
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line == "}\n":
                break
        assert lines, (self.folder.parent / "supervisor.log").read_text()
        self.told = json.loads("".join(lines))

    def command(self, *args: str) -> Any:
        command = [sys.executable, "-m", "commonground", *args, "--json"]
        done = subprocess.run(
            command, env=self.environment(), cwd=self.folder.parent, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def children(self) -> dict[str, psutil.Process]:
        """The direct children by name."""
        assert self.process is not None
        found = {}
        for child in psutil.Process(self.process.pid).children():
            # Between fork and exec a child still bears its parent's name.
            with contextlib.suppress(psutil.NoSuchProcess, IndexError):
                found[child.cmdline()[3]] = child
        return {name: child for name, child in found.items() if name in CHILDREN}

    def everything(self) -> list[psutil.Process]:
        assert self.process is not None
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self._let_go()
        return code

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            for process in self.everything():
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait(10)
        self._let_go()

    def _let_go(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def ready(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.url}/readyz", timeout=3).ok
        return False

    def report(self, **more: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/api/v1/feedback", json=NOISE | more, timeout=20)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def token_of(self, role: str) -> str:
        login = next(each["login"] for each in self.told["sign_ins"] if each["role"] == role)
        return str(self.command("token", "create", "--user", login)["token"])


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


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def case_of(running: Embedded, case_id: str, token: str) -> requests.Response:
    def look() -> requests.Response | None:
        answer = requests.get(
            f"{running.url}/api/staff/v1/cases/{case_id}", headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        return answer if answer.ok else None

    answer: requests.Response = until(look, "the case in the liaison's hands")
    return answer


def status(running: Embedded, receipt: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {receipt}"}
    answer = requests.get(f"{running.url}/api/v1/feedback/status", headers=headers, timeout=10)
    assert answer.ok, answer.text
    return dict(answer.json())


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
    account = running.command("reconcile", "--wait", "30")
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
    account = running.command("reconcile", "--wait", "30")
    assert (account["in_flight"], account["agrees"], account["dead_letters"]) == (0, True, 0)


def test_the_process_that_answers_requests_is_started_again_too(running: Embedded) -> None:
    (worker,) = running.children()["web"].children()
    worker.kill()
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, "its end")
    until(running.ready, "ready again")
    running.report()


def test_a_kill_of_the_supervising_process_leaves_nobody_behind(running: Embedded) -> None:
    before = running.command("reconcile", "--wait", "30")["accepted"]
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
    account = running.command("reconcile", "--wait", "30")
    assert (account["accepted"], account["in_flight"], account["agrees"]) == (before + 1, 0, True)
    assert status(running, told["receipt"])["state"] in ("received", "with_a_person")


def test_a_kill_of_everything_at_once_loses_nothing(running: Embedded) -> None:
    before = running.command("reconcile", "--wait", "30")["accepted"]
    receipts = [running.report()["receipt"] for _ in range(5)]
    for process in running.everything():
        process.kill()
    running.end()
    running.start()
    account = running.command("reconcile", "--wait", "30")
    assert (account["accepted"], account["in_flight"], account["agrees"]) == (before + 5, 0, True)
    assert all(status(running, receipt)["sequence"] for receipt in receipts)


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
    before = running.command("reconcile", "--wait", "30")
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
    after = running.command("reconcile", "--wait", "30")
    assert after["accepted"] == before["accepted"]
    assert running.told["sign_ins"] == passwords
