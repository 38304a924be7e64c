"""What a supervisor asks: who carries how much, what is late, what will be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from services.routing.desk import Desk
from services.routing.domain.roles import MEASURE, need
from services.routing.domain.states import OPEN
from services.routing.models import cases, people, queues
from services.routing.queries.inbox import pressing
from services.routing.queries.people import Person, known
from services.routing.queries.rows import CaseRow, listed, to_row
from services.routing.queries.sight import visible
from services.routing.queries.staffing import CHOSEN_BY_RULES
from shared.cities import label


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person carries, of what the asking person may see."""

    person: Person
    login: str
    team: str | None
    role: str
    active: bool
    available: bool
    open_cases: int
    overdue: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSize:
    """What waits in a queue, and who answers for it."""

    code: str
    name: str
    owner: Person | None
    waiting: int
    overdue: int


def workload(desk: Desk) -> tuple[Load, ...]:
    """Everybody known who carries cases or could, most first; who has left too, for as long as cases are left
    with her. Counted from the cases within sight, so that
    nobody learns from a sum of what they may not see.
    """
    need(desk.actor.role, MEASURE)
    p = people.c
    carried = _open_by(desk, cases.c.owner_id)
    wanted = (
        select(
            p.id,
            p.name,
            p.login,
            p.team,
            p.role,
            p.active,
            p.available,
            carried.c.open,
            carried.c.overdue,
            carried.c.waiting,
        )
        .join_from(people, carried, carried.c.key == p.id, isouter=True)
        .where(known(desk), and_(p.active, p.role.in_(CHOSEN_BY_RULES)) | carried.c.open.is_not(None))
        .order_by(func.coalesce(carried.c.open, 0).desc(), p.name)
    )
    return tuple(_load(row) for row in desk.conn.execute(wanted))


def _load(row: Any) -> Load:
    return Load(
        person=Person(row.id, row.name), login=row.login, team=row.team, role=row.role, active=row.active,
        available=row.available, open_cases=row.open or 0, overdue=row.overdue or 0,
        waiting=row.waiting or 0,
    )  # fmt: skip


def queue_sizes(desk: Desk) -> tuple[QueueSize, ...]:
    """The queues within sight, in the order of the city pack; the empty ones too."""
    need(desk.actor.role, MEASURE)
    inside = _open_by(desk, cases.c.queue)
    wanted = (
        select(queues.c.code, queues.c.owner_id, people.c.name, inside.c.open, inside.c.overdue)
        .join_from(queues, people, queues.c.owner_id == people.c.id, isouter=True)
        .join(inside, inside.c.key == queues.c.code, isouter=True)
        .where(_own_queues(desk))
    )
    found = {row.code: row for row in desk.conn.execute(wanted)}
    order = [code for code in desk.office.city.queues if code in found]
    return tuple(_size(desk, found[code]) for code in order)


def _own_queues(desk: Desk) -> ColumnElement[bool]:
    if desk.sight.everything:
        return queues.c.code.is_not(None)
    own = queues.c.code.in_(sorted(desk.actor.queues))
    return own if desk.sight.organisation is None else own | (queues.c.organisation == desk.sight.organisation)


def _size(desk: Desk, row: Any) -> QueueSize:
    return QueueSize(
        code=row.code,
        name=label(desk.office.city.queues[row.code].labels, "en"),
        owner=Person(row.owner_id, row.name) if row.owner_id else None,
        waiting=row.open or 0,
        overdue=row.overdue or 0,
    )


def _open_by(desk: Desk, key: Any) -> Any:
    """Open cases within sight per owner or queue: how many, how many late, how many waiting on the resident."""
    late = case((cases.c.due_at < desk.now, 1), else_=0)
    waiting = case((cases.c.state == "waiting_on_resident", 1), else_=0)
    return (
        select(
            key.label("key"),
            func.count().label("open"),
            func.sum(late).label("overdue"),
            func.sum(waiting).label("waiting"),
        )
        .where(visible(desk.sight), key.is_not(None), cases.c.state.in_(sorted(OPEN)))
        .group_by(key)
        .subquery()
    )


def overdue(desk: Desk, limit: int = 50) -> tuple[CaseRow, ...]:
    """Promises that are broken and still owed, the oldest first."""
    return _due(desk, cases.c.due_at < desk.now, limit)


def due_soon(desk: Desk, within: timedelta = timedelta(hours=24), limit: int = 50) -> tuple[CaseRow, ...]:
    """Promises that end within the time, the next first."""
    return _due(desk, and_(cases.c.due_at >= desk.now, pressing(desk.now, within)), limit)


def _due(desk: Desk, condition: ColumnElement[bool], limit: int) -> tuple[CaseRow, ...]:
    need(desk.actor.role, MEASURE)
    wanted = listed(desk).where(condition).order_by(cases.c.due_at, cases.c.id).limit(limit)
    return tuple(to_row(desk, row) for row in desk.conn.execute(wanted).mappings())
