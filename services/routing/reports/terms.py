"""What the figures mean, once: which cases are counted, what is an answer, a promise kept, one broken."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_

from services.routing.desk import Desk
from services.routing.domain.states import OPEN
from services.routing.models import cases
from services.routing.queries.sight import visible


def received_within(desk: Desk, start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    """The cohort: what was received in [start, end), within sight."""
    within = [visible(desk.sight)]
    within += [cases.c.received_at >= start] if start is not None else []
    within += [cases.c.received_at < end] if end is not None else []
    return within


def answered() -> ColumnElement[bool]:
    """A person answered."""
    return cases.c.first_response_s.is_not(None)


def kept() -> ColumnElement[bool]:
    """A person answered as promised."""
    return cases.c.first_responded_at <= cases.c.first_response_due_at


def broken(now: datetime) -> ColumnElement[bool]:
    """Nobody answered, and the promised moment has passed."""
    return and_(cases.c.first_responded_at.is_(None), cases.c.first_response_due_at < now)


def open_overdue(now: datetime) -> ColumnElement[bool]:
    """Broken, and still to be answered."""
    return and_(broken(now), cases.c.state.in_(sorted(OPEN)))
