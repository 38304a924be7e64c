"""The clocks of a case, as its page shows them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.routing.desk import Desk
from services.routing.domain.clocks import CLOCKS, is_overdue
from services.routing.models import clock_intervals, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One run of a clock. `owner` is set where each owner has one of their own."""

    clock: str
    cycle: int
    owner: str | None
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    ended_at: datetime | None

    @property
    def runs(self) -> bool:
        """Whether time passes on it."""
        return self.stopped_at is None and self.ended_at is None and self.paused_at is None

    def overdue(self, now: datetime) -> bool:
        """Whether what it promised is owed and late."""
        return self.runs and is_overdue(self.due_at, now)


def clocks(desk: Desk, case_id: UUID) -> tuple[Clock, ...]:
    """Every run of every clock of a case that was found within sight, in the order of the clocks."""
    c = clock_intervals.c
    columns = [getattr(c, name) for name in Clock.__slots__ if name != "owner"]
    wanted = (
        select(*columns, people.c.name.label("owner"))
        .join_from(clock_intervals, people, c.owner_id == people.c.id, isouter=True)
        .where(c.case_id == case_id)
        .order_by(c.started_at, c.cycle)
    )
    found = [Clock(**row) for row in desk.conn.execute(wanted).mappings()]
    return tuple(sorted(found, key=lambda each: CLOCKS.index(each.clock)))
