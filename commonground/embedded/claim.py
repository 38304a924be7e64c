"""What only one supervising process may have: the data folder and the port."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commonground.failures import Failed

LOCK = "lock"


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


def look_at_port(host: str, port: int) -> None:
    """Raise Failed, in words, when nothing of ours could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Failed(f"Ports below 1024 are not for everybody: {port}. Choose another: PORT=8000") from None
        except socket.gaierror:
            raise Failed(f"HOST {host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.") from None
        except OSError as error:
            raise Failed(_taken(host, port, error)) from None


def _taken(host: str, port: int, error: OSError) -> str:
    if error.errno == 99:  # EADDRNOTAVAIL
        return f"HOST {host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
    return (
        f"Port {port} on {host} is taken by another program. Stop that one, or choose another port: PORT={port + 1}"
    )


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
