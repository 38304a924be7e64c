"""Starts, stops, kills and freezes server processes, and lets none outlive the process that started it."""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1

#: Below where Linux takes ports for outgoing connections (ip_local_port_range), so that none is taken meanwhile.
PORTS = range(15_000, 32_000)
LAST_PORT = Path(tempfile.gettempdir()) / "commonground-last-test-port"


class ServerFailed(Exception):
    """A server did not come up; the message ends with what it said."""


def free_port() -> int:
    """A loopback port nobody listens on, nor is told of soon: test processes take turns over one range."""
    while not _is_free(port := _next_port()):
        pass
    return port


def _next_port() -> int:
    with LAST_PORT.open("a+") as turns:
        fcntl.flock(turns, fcntl.LOCK_EX)
        turns.seek(0)
        last = int(turns.read() or PORTS.start)
        port = last + 1 if last + 1 in PORTS else PORTS.start
        turns.truncate(0)
        turns.write(str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """True when something accepts connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False


def wait_until(condition: Callable[[], bool], timeout_s: float, what: str) -> None:
    """Look every 20 ms until the condition holds; TimeoutError naming `what` otherwise."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout_s} s")
        time.sleep(0.02)


def _die_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class ServerProcess:
    """One server in its own session, its output in a log file; restartable any number of times."""

    def __init__(
        self, command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, user: str | None = None
    ) -> None:
        self._command = list(command)
        self._log = log
        self._env = {**os.environ, **(env or {})}
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The server's process id."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, ready: Callable[[], bool], timeout_s: float = 60.0) -> None:
        """Start and wait until `ready`; ServerFailed with the end of its log otherwise."""
        assert not self.running, "already running"
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self._env,
                cwd=self._log.parent,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, nothing that takes a lock
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )
        self.wait_for(ready, timeout_s)

    def stop(self, signal_number: int = signal.SIGTERM, timeout_s: float = 20.0) -> None:
        """End it in its own way; kill what does not end."""
        if not self.running or self._process is None:
            return
        self.thaw()
        self._process.send_signal(signal_number)
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """kill -9, with all its children, as a power cut would."""
        family = self._family()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self._process is not None:
            self._process.wait(10)
        psutil.wait_procs(family, timeout=10)

    def freeze(self) -> None:
        """SIGSTOP: connections stay open and nothing answers."""
        for process in self._family():
            process.suspend()

    def thaw(self) -> None:
        """SIGCONT."""
        for process in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def _family(self) -> list[psutil.Process]:
        if not self.running:
            return []
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def wait_for(self, ready: Callable[[], bool], timeout_s: float) -> None:
        """Wait until `ready`; ServerFailed with the end of its log when it dies or takes too long."""
        deadline = time.monotonic() + timeout_s
        while not ready():
            if not self.running or time.monotonic() > deadline:
                self.kill()
                end = self._log.read_bytes()[-2000:].decode(errors="replace")
                raise ServerFailed(f"{self._command[0]} did not come up; its log ends:\n{end}")
            time.sleep(0.05)
