"""Tells outages from mistakes: what to wait out, and how an error is put into words without quoting data."""

import logging

from shared import metrics
from shared.backoff import delay_s
from shared.bus.port import BusUnavailable
from shared.db import is_outage
from shared.pulse import Pulse

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
WORDS = 400


def is_away(error: BaseException) -> bool:
    """Whether the error means that database or bus are away: wait, and blame no event."""
    return isinstance(error, BusUnavailable) or is_outage(error)


def in_words(error: BaseException) -> str:
    """An error's type and first line; later lines of a database's error quote the row.

    The words can be stored anywhere: no NUL, no half of a surrogate pair.
    """
    words = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:WORDS]}"
    return words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Patience:
    """Waits out outages for one thread, for ever if need be."""

    def __init__(self, thread: str, pulse: Pulse) -> None:
        self._thread = thread
        self._pulse = pulse
        self._failures = 0

    def rewarded(self) -> None:
        """Things work."""
        if self._failures:
            log.info("An outage is over", extra={"waiting": self._thread, "tries": self._failures})
        self._failures, self._pulse.paused_by = 0, None

    def wait_out(self, error: Exception) -> None:
        """Pause before the next try, longer each time. Raises the error again when it is no outage."""
        if not is_away(error):
            raise error
        self._failures += 1
        if self._failures == 1:
            metrics.OUTAGES.labels(self._thread).inc()
            log.warning("A thread waits", extra={"waiting": self._thread, "reason": in_words(error)})
        self._pulse.paused_by = type(error).__name__
        self._pulse.wait(delay_s(self._failures, first_s=FIRST_PAUSE_S, most_s=LONGEST_PAUSE_S))
