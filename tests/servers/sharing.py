"""One server of a kind for a whole test run, however many workers it has.

The first who needs it starts a keeper: a process that owns the server, waits for the run to end (also when
pytest is killed), and then ends the server and removes its files.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.servers.processes import wait_until
from tests.servers.search import Kind, Unavailable, found, given

ROOT = Path(__file__).parents[2]
LOOK_EVERY_S = 0.3
STARTUP_S = 360.0  # bringing the jars for the first time included


def shared_url(kind: Kind) -> str:
    """The address of the run's server, started when nobody has yet. Unavailable when there can be none."""
    address = given(kind)
    if address:
        return address
    directory = _directory(kind)
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _state(directory).exists():
            _start_keeper(kind, directory)
    answer: dict[str, str] = json.loads(_state(directory).read_text())
    if "reason" in answer:
        raise Unavailable(answer["reason"])
    return answer["url"]


def run_id() -> str:
    """The same for all workers of a test run, different for every run."""
    owner = _owner()
    return f"{owner.pid}-{int(owner.create_time() * 100)}"


def keep(kind: Kind, directory: Path, owner: psutil.Process) -> None:
    """The keeper: own the server until the run is over."""
    try:
        server = found(kind, directory / "server")
        server.start()
    except Exception as error:  # noqa: BLE001 - whatever it is, the run has to be told
        _tell(directory, {"reason": f"{type(error).__name__}: {error}"})
        return
    _tell(directory, {"url": server.url})
    while _lives(owner):
        time.sleep(LOOK_EVERY_S)
    server.stop()
    shutil.rmtree(directory, ignore_errors=True)
    with suppress(OSError):
        directory.parent.rmdir()


def _lives(process: psutil.Process) -> bool:
    """A zombie is dead, even when nobody buries it."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _owner() -> psutil.Process:
    """pytest itself; for a worker of pytest-xdist the process that started it."""
    return psutil.Process(os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid())


def _directory(kind: Kind) -> Path:
    return Path(tempfile.gettempdir()) / f"commonground-tests-{run_id()}" / kind


def _state(directory: Path) -> Path:
    return directory / "state.json"


def _tell(directory: Path, answer: dict[str, str]) -> None:
    draft = directory / "state.draft"
    draft.write_text(json.dumps(answer))
    draft.rename(_state(directory))


def _start_keeper(kind: Kind, directory: Path) -> None:
    command = [sys.executable, "-m", "tests.servers.sharing", kind, str(directory), str(_owner().pid)]
    with (directory / "keeper.out").open("wb") as out:
        # Its own session, so that Ctrl-C in the terminal ends pytest and the keeper then tidies up.
        keeper = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    wait_until(lambda: _state(directory).exists() or keeper.poll() is not None, STARTUP_S, f"{kind} for the tests")
    if not _state(directory).exists():
        _tell(directory, {"reason": f"its keeper died: {(directory / 'keeper.out').read_text()[-1000:]}"})
    # It outlives this process on purpose.
    keeper.returncode = 0


if __name__ == "__main__":
    kind_argument: Kind = "kafka" if sys.argv[1] == "kafka" else "postgres"
    keep(kind_argument, Path(sys.argv[2]), psutil.Process(int(sys.argv[3])))
