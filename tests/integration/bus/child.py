"""Members and writers in processes of their own, so that tests can kill and freeze them.

Run as `python -m tests.integration.bus.child ROLE URL`; every line on its standard output is one fact.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shared.bus import connect
from tests.integration.bus.actors import GROUP, TOPIC, after, numbered

ROOT = Path(__file__).parents[3]


class Child:
    """A process in one of the roles below."""

    def __init__(self, role: str, url: str, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.integration.bus.child", role, url, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
        assert self._process.stdout is not None
        self._out = self._process.stdout
        self._rest = b""
        os.set_blocking(self._out.fileno(), False)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._out.close()

    def lines(self, count: int, meanwhile: Callable[[], object] = bool, timeout_s: float = 30.0) -> list[str]:
        """The next `count` facts it tells; what is to be done while waiting is called again and again."""
        deadline = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            while self._rest.count(b"\n") < count:
                assert time.monotonic() < deadline, f"it told only {self._rest!r}"
                meanwhile()
                if selector.select(0.1):
                    data = self._out.read()
                    assert data, f"it ended after {self._rest!r}"
                    self._rest += data
        *told, self._rest = self._rest.split(b"\n", count)
        return [line.decode() for line in told]

    def everything(self) -> list[str]:
        """Every complete line up to its end."""
        os.set_blocking(self._out.fileno(), True)
        told = (self._rest + self._out.read()).decode().split("\n")
        return told[:-1]

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """SIGSTOP."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._process.send_signal(signal.SIGCONT)


def read_without_commit(url: str) -> None:
    """Tell every record read, commit nothing, stay a member."""
    subscriber = connect(url).subscriber(GROUP, [TOPIC.name])
    while True:
        for record in subscriber.poll(100, timeout_s=0.2):
            _tell(record.value or b"")


def read_and_commit(url: str, batch_size: str) -> None:
    """Tell every record, committing behind each batch."""
    subscriber = connect(url).subscriber(GROUP, [TOPIC.name])
    while True:
        batch = subscriber.poll(int(batch_size), timeout_s=0.2)
        for record in batch:
            _tell(record.value or b"")
        subscriber.commit(after(batch))


def write(url: str, start: str, batch: str) -> None:
    """Publish numbers upwards without end; tell the last of each batch that was confirmed."""
    publisher = connect(url).publisher()
    at, size = int(start), int(batch)
    while True:
        if all(publisher.publish(numbered(size, start=at), timeout_s=10)):
            at += size
            _tell(str(at - 1).encode())


def hold(url: str) -> None:
    """Be a member; tell how many lanes are held whenever that changes."""
    subscriber = connect(url).subscriber(GROUP, [TOPIC.name])
    lanes = 0
    while True:
        subscriber.poll(100, timeout_s=0.2)
        if len(subscriber.assignment()) != lanes:
            lanes = len(subscriber.assignment())
            _tell(str(lanes).encode())


ROLES: dict[str, Callable[..., None]] = {
    "read_without_commit": read_without_commit,
    "read_and_commit": read_and_commit,
    "write": write,
    "hold": hold,
}


def _tell(fact: bytes) -> None:
    os.write(1, fact + b"\n")


if __name__ == "__main__":
    ROLES[sys.argv[1]](*sys.argv[2:])
