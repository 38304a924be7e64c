"""One run of a clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

DISPUTE_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One run of a clock; what begins again has another and keeps the old.

    `stopped_at`: what was promised was done. `ended_at`: it is owed no more. `paused_at`: it stands still since,
    and `due_at` is where it would end if it ran on from there.
    """

    clock: str
    cycle: int
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    owner_id: UUID | None = None
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether time passes on it."""
        return self.stopped_at is None and self.ended_at is None and self.paused_at is None

    def kept(self, now: datetime) -> bool | None:
        """Whether the promise was kept; None while it may still be, and where it ended before it was due."""
        if self.stopped_at is not None:
            return self.stopped_at <= self.due_at
        last = self.ended_at or self.paused_at or now
        return None if last <= self.due_at else False


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Whether a running promise is broken; None is no promise."""
    return due_at is not None and due_at < now
