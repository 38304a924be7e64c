"""A thread's life signs: whether it should stop, when it last moved, what it waits for."""

import threading
import time


class Pulse:
    """Handed to every long-running thread of a worker; the worker's watchdog reads it."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._moved_at = time.monotonic()
        #: What the thread waits for (a sentence), while it is paused by an outage.
        self.paused_by: str | None = None

    @property
    def stopping(self) -> bool:
        """Whether the thread should finish what it is at and return."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask every thread that shares this stop to end."""
        self._stop.set()

    def beat(self) -> None:
        """The thread is alive and moving."""
        self._moved_at = time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake at once when asked to stop; whether to stop. Counts as a beat."""
        self.beat()
        return self._stop.wait(seconds)

    @property
    def silent_for_s(self) -> float:
        """Seconds since the last beat."""
        return time.monotonic() - self._moved_at
