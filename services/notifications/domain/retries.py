"""When a message that was surely not taken is tried again."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """The waits after the first, second, … attempt; after the last one there is no further attempt."""

    waits: tuple[timedelta, ...]

    def after(self, attempts: int) -> timedelta | None:
        """How long to wait after this many attempts; None when it is given up."""
        return self.waits[attempts - 1] if 0 < attempts <= len(self.waits) else None


SCHEDULE = RetrySchedule(
    (
        timedelta(seconds=5),
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
    )
)
