"""Every interval of a case, worked out anew from its history under the terms pinned to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.routing.domain.clocks.interval import Interval
from services.routing.domain.clocks.ledger import Ledger, Pause, Run
from services.routing.domain.clocks.reading import Entry, read
from services.routing.domain.clocks.terms import Hours, Terms


def intervals(received_at: datetime, terms: Terms, history: Sequence[Entry]) -> tuple[Interval, ...]:
    """The runs of every clock the terms have a span for, in the order in which they began."""
    runs = Ledger(received_at).follow(read(history))
    return tuple(_measured(run, terms) for run in runs if run.clock in terms.spans)


def _measured(run: Run, terms: Terms) -> Interval:
    span = terms.spans[run.clock]
    due_at = reached(run.started_at, span, run.pauses, terms.hours)
    return Interval(
        clock=run.clock,
        cycle=run.cycle,
        owner_id=run.owner_id,
        started_at=run.started_at,
        warn_at=reached(run.started_at, span * terms.warning, run.pauses, terms.hours),
        due_at=due_at,
        paused_at=_standing_still(run, due_at),
        stopped_at=run.stopped_at,
        ended_at=run.ended_at,
    )


def reached(start: datetime, span: timedelta, pauses: Sequence[Pause], hours: Hours) -> datetime:
    """The first moment by which so much open time has passed outside the pauses.

    A pause that has not ended counts as if it ended as it began: nobody knows when it will.
    """
    left = span
    for since, until in pauses:
        used = hours.between(start, since)
        if used >= left or until is None:
            break
        left -= used
        start = until
    return hours.after(start, left)


def _standing_still(run: Run, due_at: datetime) -> datetime | None:
    """Since when it stands still; a promise that was broken before stays broken."""
    if run.over or not run.pauses:
        return None
    since, until = run.pauses[-1]
    return since if until is None and since < due_at else None
