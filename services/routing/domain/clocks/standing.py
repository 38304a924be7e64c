"""Where a case stands with its promises, as lists and figures need it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain.clocks.interval import Interval
from services.routing.domain.clocks.terms import ACCEPTANCE, FIRST_RESPONSE, RESPONSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`response_due_at` is what the resident waits for, `due_at` the soonest of all clocks, with its warning."""

    first_responded_at: datetime | None
    response_due_at: datetime | None
    due_at: datetime | None
    due_clock: str | None
    warn_at: datetime | None
    accepted_at: datetime | None
    cycle: int


def standing(intervals: Sequence[Interval], owner_id: UUID | None) -> Standing:
    """Summed up from every interval of the case."""
    running = [interval for interval in intervals if interval.running]
    soonest = min(running, key=lambda interval: (interval.due_at, interval.clock), default=None)
    first = [interval for interval in intervals if interval.clock == FIRST_RESPONSE]
    answers = [interval.stopped_at for interval in first if interval.stopped_at is not None]
    return Standing(
        first_responded_at=min(answers, default=None),
        response_due_at=min((each.due_at for each in running if each.clock in RESPONSES), default=None),
        due_at=soonest.due_at if soonest else None,
        due_clock=soonest.clock if soonest else None,
        warn_at=soonest.warn_at if soonest else None,
        accepted_at=_accepted(intervals, owner_id),
        cycle=len(first),
    )


def _accepted(intervals: Sequence[Interval], owner_id: UUID | None) -> datetime | None:
    """When its owner took it up, of the last time it was given to her."""
    own = [each for each in intervals if each.clock == ACCEPTANCE and each.owner_id == owner_id]
    return own[-1].stopped_at if own else None
