"""What only one supervising process may have: the data folder and the port."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commonground.failures import Failed

LOCK = "lock"
PATIENCE_S = 2.0
NO_ADDRESS = "HOST {} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
TAKEN = "Port {} on {} is taken by another program. Stop that one, or choose another port: PORT={}"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder. The kernel lets it go with the process, however it ends. Raises Failed when it is held."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "another process"
            raise Failed(
                f"The installation in {folder} already runs (process {owner}). "
                "Stop it first, or choose another folder: DATA_DIR=…"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def look_at_port(host: str, port: int, patience_s: float = PATIENCE_S) -> None:
    """Raise Failed, in words, when nothing of ours could listen there.

    A port may still be held for a moment by processes of ours that are being killed.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return _try_port(host, port)
        except _Taken as taken:
            if time.monotonic() > deadline:
                raise Failed(str(taken)) from None
        time.sleep(0.1)


class _Taken(Exception):
    """Somebody listens there."""


def _try_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Failed(f"Ports below 1024 are not for everybody: {port}. Choose another: PORT=8000") from None
        except socket.gaierror:
            raise Failed(NO_ADDRESS.format(host)) from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise Failed(NO_ADDRESS.format(host)) from None
            raise _Taken(TAKEN.format(port, host, port + 1)) from None


def free_ports(number: int) -> list[int]:
    """Loopback ports nobody listens on now, all different."""
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
