"""The life of an embedded installation: claim, prepare, start, tell, keep, stop."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from commonground.embedded import claim, lifeline
from commonground.embedded.child import MODULE, Child
from commonground.embedded.running import Running
from commonground.embedded.settings import environment_of_children
from commonground.embedded.supervision import Supervision
from commonground.failures import Failed
from commonground.installation import SERVICES, Installation
from shared import config

READY_WITHIN_S = 60.0
SEEDED_WITHIN_S = 60.0
ASK_EVERY_S = 0.3


def live(installed: Installation, tell: Callable[[str], None], welcome: Callable[[Running], None]) -> int:
    """Run until Ctrl-C or SIGTERM; 0 when everything stopped by itself."""
    environ = environment_of_children(installed, config.inherited())
    host, port = config.one("host", environ=environ), config.one("port", environ=environ)
    with claim.only_one(installed.folder):
        claim.look_at_port(host, port)
        running = _announce(installed.folder, host, port)
        _prepare(environ)
        supervision = Supervision(_children(installed.folder, environ, running, tell))
        with supervision.obeying_signals():
            _until_ready(supervision, installed, running, environ, tell)
            if not supervision.stopping:
                welcome(running)
            supervision.keep()
            tell("Stopping …")
            killed = supervision.stop()
    tell(f"Stopped, but {', '.join(killed)} had to be killed; nothing is lost." if killed else "Stopped.")
    return 1 if killed else 0


def _announce(folder: Path, host: str, port: int) -> Running:
    running = Running(
        lifeline.myself(), host, port, dict(zip(SERVICES, claim.free_ports(len(SERVICES)), strict=True))
    )
    running.keep(folder)
    return running


def _prepare(environ: Mapping[str, str]) -> None:
    """In a process of its own, so that the supervising one stays small and holds nothing open."""
    command = [sys.executable, "-m", MODULE, "prepare", str(lifeline.myself())]
    # The command is our own, and no shell reads it.
    done = subprocess.run(  # noqa: S603
        command, env=dict(environ), stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"The installation could not be prepared.\n{done.stderr.strip()}")


def _children(
    folder: Path, environ: Mapping[str, str], running: Running, tell: Callable[[str], None]
) -> list[Child]:
    workers = [
        _child(f"{service}-worker", folder, {**environ, "HOST": "127.0.0.1", "METRICS_PORT": str(port)}, tell)
        for service, port in running.workers.items()
    ]
    metrics = folder / "metrics"
    for left in metrics.glob("*.db") if metrics.is_dir() else ():
        left.unlink()
    metrics.mkdir(exist_ok=True)
    return [_child("web", folder, {**environ, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}, tell), *workers]


def _child(name: str, folder: Path, environ: Mapping[str, str], tell: Callable[[str], None]) -> Child:
    return Child(name, environ, folder / "logs" / f"{name}.log", tell=tell)


def _until_ready(
    supervision: Supervision,
    installed: Installation,
    running: Running,
    environ: Mapping[str, str],
    tell: Callable[[str], None],
) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    ready = _Asking(running.url)
    supervision.keep(until=lambda: ready() or time.monotonic() > deadline)
    if installed.demo and ready.answer:
        seed = Child("seed", environ, installed.folder / "logs" / "seed.log", once=True, tell=tell)
        supervision.add(seed)
        deadline = time.monotonic() + SEEDED_WITHIN_S
        supervision.keep(until=lambda: seed.done or time.monotonic() > deadline)
    if not ready.answer and not supervision.stopping:
        tell(f"Not everything is ready after {READY_WITHIN_S:.0f} s; see {running.url}/readyz and the logs.")


class _Asking:
    """Whether /readyz says yes, asked not too often."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._next = 0.0
        self.answer = False

    def __call__(self) -> bool:
        if time.monotonic() >= self._next:
            self.answer = self._ask()
            self._next = time.monotonic() + ASK_EVERY_S
        return self.answer

    def _ask(self) -> bool:
        try:
            with urlopen(f"{self._url}/readyz", timeout=3) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
