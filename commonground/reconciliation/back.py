"""The other side: what routing and notifications made of it, and which events they know already."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from commonground.reconciliation.carried import Carried, carried_by
from services.routing.domain.states import OPEN
from services.routing.models import cases, messages, people, queues
from shared.inbox.parking import record_of
from shared.inbox.tables import INBOX, PARKED

PAGE = 500
SOURCE = "/intake"


@dataclass(frozen=True)
class Casework:
    """One moment of routing. `unowned`: open cases with neither an active owner nor a queue that has one."""

    cases: int
    quarantined: int
    replies: int
    unowned: int
    known: frozenset[UUID]


def parked(conn: Connection) -> list[Carried]:
    """Events a service has put aside: gaps, failures, dead letters."""
    rows = conn.execute(select(PARKED).where(or_(PARKED.c.source == SOURCE, PARKED.c.source.is_(None))))
    return carried_by(record_of(row) for row in rows)


def casework(conn: Connection, under_way: Collection[UUID]) -> Casework:
    """What became of what residents said, and which of the events under way were among it."""
    quarantined = _count(conn, select(func.count()).select_from(cases).where(cases.c.state == "quarantined"))
    return Casework(
        cases=_count(conn, select(func.count()).select_from(cases)) - quarantined,
        quarantined=quarantined,
        replies=_count(conn, select(func.count()).select_from(messages).where(messages.c.kind == "message")),
        unowned=_unowned(conn),
        known=known(conn, under_way),
    )


def known(conn: Connection, events: Collection[UUID]) -> frozenset[UUID]:
    """Those of the events that the service has handled."""
    found: set[UUID] = set()
    for page in _pages(sorted(events)):
        found.update(conn.scalars(select(INBOX.c.event_id).where(INBOX.c.event_id.in_(page))))
    return frozenset(found)


def obeyed(conn: Connection, numbers: Collection[UUID]) -> dict[UUID, int]:
    """How many changes of consent of each number notifications has handled; they come without gaps."""
    last: dict[UUID, int] = {}
    for page in _pages(sorted(numbers)):
        wanted = (
            select(INBOX.c.subject, func.max(INBOX.c.sequence))
            .where(INBOX.c.source == SOURCE, INBOX.c.subject.in_(page))
            .group_by(INBOX.c.subject)
        )
        last.update((subject, sequence) for subject, sequence in conn.execute(wanted))
    return last


def _unowned(conn: Connection) -> int:
    owner, keeper = people.alias("owner"), people.alias("keeper")
    wanted = (
        select(func.count())
        .select_from(cases)
        .join(owner, cases.c.owner_id == owner.c.id, isouter=True)
        .join(queues, cases.c.queue == queues.c.code, isouter=True)
        .join(keeper, queues.c.owner_id == keeper.c.id, isouter=True)
        .where(cases.c.state.in_(sorted(OPEN)), owner.c.active.is_not(True), keeper.c.active.is_not(True))
    )
    return _count(conn, wanted)


def _count(conn: Connection, query: object) -> int:
    return int(conn.execute(query).scalar_one())  # type: ignore[call-overload]


def _pages(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
