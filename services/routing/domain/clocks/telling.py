"""What has to be told of running clocks, and when: a warning, that a promise is broken, and to whom it climbs.

What was told stands in the history, so nothing is told twice, whenever somebody looks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.clocks.interval import Interval
from services.routing.domain.clocks.reading import Entry
from services.routing.domain.clocks.terms import Terms

WARNED, OVERDUE, ESCALATED = "response.warned", "response.overdue", "response.escalated"

Mark = tuple[str, str, int, str, int]


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to tell at a moment. `rung` counts the ladder from 0 and is 0 for everything else."""

    what: str
    interval: Interval
    at: datetime
    rung: int = 0

    @property
    def mark(self) -> Mark:
        """By which it is known whether it was told."""
        interval = self.interval
        return self.what, interval.clock, interval.cycle, interval.started_at.isoformat(), self.rung


def tellings(intervals: Sequence[Interval], terms: Terms, history: Sequence[Entry]) -> list[Telling]:
    """What is still to be told of the clocks that run, the soonest first."""
    told = {mark for entry in history for mark in _marks(entry)}
    running = [interval for interval in intervals if interval.running]
    wanted = [telling for interval in running for telling in _of(interval, terms) if telling.mark not in told]
    return sorted(wanted, key=lambda telling: (telling.at, telling.interval.clock, telling.rung))


def ripe(wanted: Sequence[Telling], now: datetime) -> list[Telling]:
    """Those whose moment has come; nobody is warned any more of what is broken already."""
    come = [telling for telling in wanted if telling.at <= now]
    return [telling for telling in come if telling.what != WARNED or telling.interval.due_at > now]


def next_ring(wanted: Sequence[Telling]) -> datetime | None:
    """When somebody has to look again."""
    return min((telling.at for telling in wanted), default=None)


def _of(interval: Interval, terms: Terms) -> Iterator[Telling]:
    yield Telling(WARNED, interval, interval.warn_at)
    yield Telling(OVERDUE, interval, interval.due_at)
    for rung, step in enumerate(terms.ladder):
        yield Telling(ESCALATED, interval, terms.hours.after(interval.due_at, step.after), rung)


def _marks(entry: Entry) -> Iterator[Mark]:
    """What an entry says was told; a broken promise needs no warning any more."""
    if entry["type"] not in (WARNED, OVERDUE, ESCALATED):
        return
    data = entry["data"]
    run = data["clock"], data["cycle"], data["started_at"]
    yield entry["type"], *run, data.get("rung", 0)
    if entry["type"] == OVERDUE:
        yield WARNED, *run, 0
