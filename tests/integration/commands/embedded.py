"""An embedded installation as a process of its own, and what its residents and staff ask it over HTTP."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.integration.commands.town import ROOT
from tests.servers.processes import free_port

CHILDREN = {"web", "intake-worker", "routing-worker", "notifications-worker"}
NOISE = {"text": "A pump runs all night.", "category": "noise", "location": {"district": "9"}}


def until(look: Callable[[], Any], what: str, within_s: float = 60.0) -> Any:
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
