"""The inbox: boxes, filters, and pages that go on where the last one ended."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true, tuple_

from services.routing.desk import Desk
from services.routing.domain.boxes import BOXES, LONGEST_PAGE
from services.routing.domain.refusals import Invalid
from services.routing.domain.roles import READ, need
from services.routing.domain.states import OPEN
from services.routing.models import cases
from services.routing.queries import cursors
from services.routing.queries.rows import CaseRow, listed, to_row
from services.routing.queries.sight import visible

DUE_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to narrow a box down to; None lets everything through. `q` is a reference or the beginning of one."""

    state: str | None = None
    category: str | None = None
    district: str | None = None
    language: str | None = None
    channel: str | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases, and where the next page begins; None at the end."""

    items: tuple[CaseRow, ...]
    next_cursor: str | None


NO_FILTERS = Filters()


def inbox(
    desk: Desk, box: str = "mine", filters: Filters = NO_FILTERS, cursor: str | None = None, limit: int = 50
) -> Page:
    """One page of a box: what is due soonest first in `due`, else the newest first.

    Raises NotAllowed, and Invalid for an unknown box or a cursor that is none.
    """
    need(desk.actor.role, READ)
    limit = max(1, min(limit, LONGEST_PAGE))
    order = _order(box)
    wanted = listed(desk).where(in_box(desk, box), *_narrowed(filters))
    if cursor is not None:
        wanted = wanted.where(order.beyond(cursors.read(cursor, box)))
    found = desk.conn.execute(order.sorted(wanted).limit(limit + 1)).mappings().all()
    items = tuple(to_row(desk, row) for row in found[:limit])
    return Page(items, _written(box, items[-1]) if len(found) > limit else None)


def box_counts(desk: Desk) -> dict[str, int]:
    """How many cases lie in each box, in one look."""
    need(desk.actor.role, READ)
    counts = [func.sum(case((in_box(desk, box), 1), else_=0)).label(box) for box in BOXES]
    row = desk.conn.execute(select(*counts).select_from(cases).where(visible(desk.sight))).mappings().one()
    return {box: int(row[box] or 0) for box in BOXES}


def in_box(desk: Desk, box: str) -> ColumnElement[bool]:
    """The condition of a box, on top of sight. Raises Invalid."""
    still_open = cases.c.state.in_(sorted(OPEN))
    conditions: dict[str, ColumnElement[bool]] = {
        "mine": and_(still_open, cases.c.owner_id == desk.actor.id),
        "team": and_(still_open, _of_team(desk)),
        "unassigned": and_(still_open, cases.c.queue.is_not(None)),
        "waiting": cases.c.state == "waiting_on_resident",
        "due": pressing(desk.now, DUE_WITHIN),
        "all": true(),
    }
    if box not in conditions:
        raise Invalid("/box", "unknown_box", f"Boxes are {', '.join(BOXES)}.")
    return conditions[box]


def pressing(now: datetime, within: timedelta) -> ColumnElement[bool]:
    """What the resident waits for and is due within the time, and what has been warned of or is late."""
    c = cases.c
    return and_(c.due_at.is_not(None), or_(c.response_due_at <= now + within, c.warn_at <= now))


def _of_team(desk: Desk) -> ColumnElement[bool]:
    """Her team's; a person without a team looks after the whole organisation."""
    if desk.actor.team is not None:
        return cases.c.team == desk.actor.team
    if desk.actor.organisation is not None:
        return cases.c.organisation == desk.actor.organisation
    return false()


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [
        cases.c[field.name] == getattr(filters, field.name)
        for field in fields(filters)
        if field.name != "q" and getattr(filters, field.name) is not None
    ]
    if filters.q and filters.q.strip():
        conditions.append(cases.c.reference.startswith(filters.q.strip().upper(), autoescape=True))
    return conditions


@dataclass(frozen=True, slots=True)
class _Order:
    """How a box is sorted, and what lies beyond a place in it."""

    column: Any
    ascending: bool

    def sorted(self, wanted: Select[Any]) -> Select[Any]:
        if self.ascending:
            return wanted.order_by(self.column, cases.c.id)
        return wanted.order_by(self.column.desc(), cases.c.id.desc())

    def beyond(self, place: tuple[datetime, UUID]) -> ColumnElement[bool]:
        key: Any = tuple_(self.column, cases.c.id)
        there: Any = tuple_(place[0], place[1], types=[self.column.type, cases.c.id.type])
        beyond: ColumnElement[bool] = key > there if self.ascending else key < there
        return beyond


def _order(box: str) -> _Order:
    return _Order(cases.c.due_at, True) if box == "due" else _Order(cases.c.received_at, False)


def _written(box: str, last: CaseRow) -> str:
    moment = last.soonest_at if box == "due" else last.received_at
    assert moment is not None
    return cursors.written(box, moment, last.id)
