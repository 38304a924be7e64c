"""One child of the supervising process: started, watched, started again, stopped."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

MODULE = "commonground.embedded.member"
#: SIGTERM gives a child its own 15 s to finish; what is still there then is killed.
GRACE_S = 16.0
PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
#: A child that lived this long is well; the next pause is the shortest again.
WELL_AFTER_S = 30.0
LOG_LIMIT = 10_000_000
#: After trouble with the log, such as a full disk, it is looked at again.
LOG_REST_S = 30.0


@dataclass
class Child:
    """A process that should always run, or (`once`) run to its end once."""

    name: str
    environment: Mapping[str, str]
    log: Path
    once: bool = False
    tell: Callable[[str], None] = print
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _started_at: float = field(default=0.0, init=False)
    _start_again_at: float = field(default=0.0, init=False)
    _failures: int = field(default=0, init=False)
    _log_again_at: float = field(default=0.0, init=False)
    _log_trouble: bool = field(default=False, init=False)
    done: bool = field(default=False, init=False)

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def tend(self) -> None:
        """Start it when it is time; notice when it ended. Called again and again; returns at once."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                self._look_after_log()
                return
            self._ended(code)
        if not self.done and time.monotonic() >= self._start_again_at:
            self._try_to_start()

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        if self._process is not None and self.pid:
            self._process.send_signal(signal.SIGTERM)

    def stop(self, deadline: float) -> bool:
        """Wait for its end until the deadline (monotonic), then kill it; whether it ended by itself."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False
        return True

    def _try_to_start(self) -> None:
        try:
            self._start()
        except OSError as error:
            self._start_later(f"could not be started ({error.strerror or error})")

    def _start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own command, and no shell reads it
                [sys.executable, "-m", MODULE, self.name, str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(self.environment),
                # Ctrl-C in a terminal reaches the supervising process alone, which stops the others in order.
                start_new_session=True,
            )
        self._started_at = time.monotonic()

    def _ended(self, code: int) -> None:
        self._process = None
        if self.once and code == 0:
            self.done = True
            return
        if time.monotonic() - self._started_at > WELL_AFTER_S:
            self._failures = 0
        self._start_later(f"ended (signal {-code})" if code < 0 else f"ended (exit {code})")

    def _start_later(self, why: str) -> None:
        pause = PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        self._failures += 1
        self._start_again_at = time.monotonic() + pause
        self._say(f"{self.name} {why} and is started again in {pause:g} s; see {self.log}")

    def _say(self, words: str) -> None:
        # Where the words go may be on the same full disk.
        with suppress(OSError):
            self.tell(words)

    def _look_after_log(self) -> None:
        """A deleted log or a full disk is no reason for the others to end: say it once, and look again later."""
        if time.monotonic() < self._log_again_at:
            return
        try:
            self._keep_log_small()
        except OSError as error:
            self._log_again_at = time.monotonic() + LOG_REST_S
            if not self._log_trouble:
                self._say(
                    f"{self.name} goes on, but its log cannot be kept ({error.strerror or error}): {self.log}"
                )
            self._log_trouble = True
        else:
            self._log_trouble = False

    def _keep_log_small(self) -> None:
        # The child writes with O_APPEND, so it goes on at the new end after the file was emptied.
        if self.log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(self.log, self.log.with_suffix(".1.log"))
            os.truncate(self.log, 0)
