"""Leaving and coming back: nothing a person owns stays without an owner."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select, update

from services.routing.domain.facts import OVERSIGHT
from services.routing.domain.refusals import Impossible
from services.routing.domain.states import OPEN
from services.routing.handlers.casework import lock, reroute
from services.routing.handlers.people.find import person_by_login
from services.routing.handlers.people.queues import deserted, sync_queues
from services.routing.handlers.people.snapshot import publish
from services.routing.models import cases, people, sessions, tokens
from services.routing.office import Office
from shared.outbox import Outbox, Transaction

#: How many cases of people who have left are looked for at once.
SWEEP = 100


def disable_person(tx: Transaction, office: Office, login: str) -> int:
    """End her sessions and tokens at once and hand over what she owns; how many cases changed hands.

    Raises Invalid when nobody has the login, Impossible when a case would be left without an owner, a queue
    in which cases wait without anybody who answers for it, or the city without oversight.
    """
    person_id: UUID = person_by_login(tx.conn, login)["id"]
    _hold_still(tx.conn, person_id)
    before = deserted(tx.conn)
    _set(tx, person_id, active=False)
    for table, column in ((sessions, "ended_at"), (tokens, "revoked_at")):
        open_ = update(table).where(table.c.person_id == person_id, table.c[column].is_(None))
        tx.conn.execute(open_.values({column: tx.now}))
    sync_queues(tx.conn, office)
    _keep_watched(tx.conn, office, person_id, deserted(tx.conn) - before)
    moved = _hand_over(tx, office, person_id)
    publish(tx, person_id)
    return moved


def enable_person(tx: Transaction, office: Office, login: str) -> None:
    """Let her in again; sessions and tokens stay ended."""
    person_id: UUID = person_by_login(tx.conn, login)["id"]
    _set(tx, person_id, active=True)
    sync_queues(tx.conn, office)
    publish(tx, person_id)


def set_available(tx: Transaction, login: str, available: bool) -> None:
    """Whether the rules may give her new cases; what she owns stays hers."""
    _set(tx, person_by_login(tx.conn, login)["id"], available=available)


def is_available(conn: Connection, person_id: UUID) -> bool:
    """Whether the rules may give her new cases."""
    return bool(conn.scalar(select(people.c.available).where(people.c.id == person_id)))


def sweep_up(outbox: Outbox, office: Office) -> int:
    """Hand over every open case whose owner has left, each in a transaction of its own; how many.

    Leaving hands them over itself: this finds what came about in any other way. A case that nobody else may
    own stays where it is until somebody is added.
    """
    owned = _owned(people.c.active.is_(False))
    with outbox.engine.connect().execution_options(read_only=True) as conn, conn.begin():
        found = list(conn.scalars(owned.order_by(cases.c.received_at, cases.c.id).limit(SWEEP)))
    return sum(_sweep_one(outbox, office, case_id) for case_id in found)


def _sweep_one(outbox: Outbox, office: Office, case_id: UUID) -> bool:
    try:
        with outbox.transaction() as tx:
            return _give_on(tx, office, case_id, cases.c.id.in_(_owned(people.c.active.is_(False))))
    except Impossible:
        return False


def _set(tx: Transaction, person_id: UUID, **values: Any) -> None:
    tx.conn.execute(update(people).where(people.c.id == person_id).values(values))


def _owned(owner: ColumnElement[bool]) -> Any:
    """The open cases of such owners, by id."""
    return (
        select(cases.c.id)
        .join(people, cases.c.owner_id == people.c.id)
        .where(owner, cases.c.state.in_(sorted(OPEN)))
    )


def _hold_still(conn: Connection, person_id: UUID) -> None:
    """Lock in the order every change of a case does, lest the two wait for each other: first what she owns,
    then people by their ids; all of them, because what she owns may go to any.
    """
    owned = select(cases.c.id).where(cases.c.owner_id == person_id, cases.c.state.in_(sorted(OPEN)))
    conn.execute(owned.order_by(cases.c.id).with_for_update(key_share=True)).all()
    conn.execute(select(people.c.id).order_by(people.c.id).with_for_update(key_share=True)).all()


def _keep_watched(conn: Connection, office: Office, person_id: UUID, lost: frozenset[str]) -> None:
    if lost:
        names = ", ".join(queue.name for queue in office.directory.queues if queue.code in lost)
        raise Impossible(
            f"Cases wait in {names}, and nobody else could answer for them. Add somebody who can, "
            "or give the cases to people first."
        )
    watching = select(people.c.id).where(people.c.active, people.c.role == OVERSIGHT).limit(1)
    role = conn.scalar(select(people.c.role).where(people.c.id == person_id))
    if role == OVERSIGHT and conn.scalar(watching) is None:
        raise Impossible("Nobody of oversight would be left. Add another reviewer first.")


def _hand_over(tx: Transaction, office: Office, person_id: UUID) -> int:
    mine = cases.c.owner_id == person_id
    owned = sorted(tx.conn.scalars(_owned(people.c.id == person_id)))
    return sum(_give_on(tx, office, case_id, mine) for case_id in owned)


def _give_on(tx: Transaction, office: Office, case_id: UUID, condition: ColumnElement[bool]) -> bool:
    work = lock(tx, office, case_id, and_(condition, cases.c.state.in_(sorted(OPEN))))
    if work is None:
        return False
    reroute(work, "owner_gone")
    work.save()
    return True
