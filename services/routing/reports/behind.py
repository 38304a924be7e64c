"""The cases behind a figure: the same cohort under the same terms, so that every number can be opened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true

from services.routing.desk import Desk
from services.routing.domain.refusals import Invalid
from services.routing.domain.roles import MEASURE, need
from services.routing.domain.states import OPEN
from services.routing.models import cases
from services.routing.queries import cursors
from services.routing.queries.inbox import Page
from services.routing.queries.rows import listed, to_row
from services.routing.reports import terms
from services.routing.reports.response_times import GROUPS

#: The order of all pages here, as their cursors name it.
ORDER = "latest"
#: Which cases of a cohort a figure counts.
PARTS: Mapping[str, Callable[[datetime], ColumnElement[bool]]] = {
    "all": lambda _now: true(),
    "answered": lambda _now: terms.answered(),
    "kept": lambda _now: and_(terms.answered(), terms.kept()),
    "late": lambda now: or_(and_(terms.answered(), ~terms.kept()), terms.broken(now)),
    "overdue": terms.open_overdue,
}
#: Which of the open cases a person or a queue carries.
CARRIED: Mapping[str, Callable[[datetime], ColumnElement[bool]]] = {
    "open": lambda _now: true(),
    "overdue": lambda now: cases.c.due_at < now,
    "waiting": lambda _now: cases.c.state == "waiting_on_resident",
}


def behind(
    desk: Desk,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    by: str | None = None,
    keys: Sequence[Any] = (None,),
    which: str = "all",
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The cases of groups of `response_times`, or of all of them, that a figure counts; the latest first.

    `keys` are the groups', None among them is the one without. Raises NotAllowed, and Invalid for an
    unknown group or part.
    """
    if by is not None and by not in GROUPS:
        raise Invalid("/by", "unknown_group", f"Group by {', '.join(GROUPS)}.")
    within = terms.received_within(desk, start, end)
    within += [_in_groups(by, keys)] if by is not None else []
    return _page(desk, [*within, _part(PARTS, which)(desk.now)], cursor, limit)


def carried(
    desk: Desk,
    *,
    owner_id: UUID | None = None,
    queue: str | None = None,
    which: str = "open",
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The open cases of a person or a queue that `workload` and `queue_sizes` count; the latest first."""
    held = cases.c.owner_id == owner_id if owner_id is not None else cases.c.queue == queue
    still_open = cases.c.state.in_(sorted(OPEN))
    return _page(desk, [held, still_open, _part(CARRIED, which)(desk.now)], cursor, limit)


def _in_groups(by: str, keys: Sequence[Any]) -> ColumnElement[bool]:
    column = GROUPS[by]
    try:
        named = [UUID(str(key)) if by == "owner" else key for key in keys if key is not None]
    except ValueError:
        raise Invalid("/key", "unknown_group", "There is no such group.") from None
    without = column.is_(None) if None in keys else false()
    return or_(column.in_(named), without)


def _part(
    parts: Mapping[str, Callable[[datetime], ColumnElement[bool]]], which: str
) -> Callable[[datetime], ColumnElement[bool]]:
    if which not in parts:
        raise Invalid("/which", "unknown_part", f"Parts are {', '.join(parts)}.")
    return parts[which]


def _page(desk: Desk, conditions: Sequence[ColumnElement[bool]], cursor: str | None, limit: int) -> Page:
    """The latest first. Raises Invalid for a cursor that is none."""
    need(desk.actor.role, MEASURE)
    c = cases.c
    wanted = listed(desk).where(*conditions).order_by(c.received_at.desc(), c.id.desc()).limit(limit + 1)
    if cursor is not None:
        last, last_id = cursors.read(cursor, ORDER)
        wanted = wanted.where(or_(c.received_at < last, and_(c.received_at == last, c.id < last_id)))
    rows = desk.conn.execute(wanted).mappings().all()
    items = tuple(to_row(desk, row) for row in rows[:limit])
    last_shown = items[-1] if len(rows) > limit else None
    return Page(items, cursors.written(ORDER, last_shown.received_at, last_shown.id) if last_shown else None)
