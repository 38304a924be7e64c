"""Leaving and coming back: nothing a person owns stays without an owner."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from services.routing.domain.states import OPEN
from services.routing.handlers.casework import lock, reroute
from services.routing.handlers.people.find import person_by_login
from services.routing.handlers.people.queues import sync_queues
from services.routing.handlers.people.snapshot import publish
from services.routing.models import cases, people, sessions, tokens
from services.routing.office import Office
from shared.outbox import Transaction


def disable_person(tx: Transaction, office: Office, login: str) -> int:
    """End her sessions and tokens at once and hand over what she owns; how many cases changed hands.

    Raises Invalid when nobody has the login, Impossible when a case would be left without an owner.
    """
    person_id: UUID = person_by_login(tx.conn, login)["id"]
    _set(tx, person_id, active=False)
    for table, column in ((sessions, "ended_at"), (tokens, "revoked_at")):
        open_ = update(table).where(table.c.person_id == person_id, table.c[column].is_(None))
        tx.conn.execute(open_.values({column: tx.now}))
    sync_queues(tx.conn, office)
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


def _set(tx: Transaction, person_id: UUID, **values: Any) -> None:
    tx.conn.execute(update(people).where(people.c.id == person_id).values(values))


def _hand_over(tx: Transaction, office: Office, person_id: UUID) -> int:
    owned = select(cases.c.id).where(cases.c.owner_id == person_id, cases.c.state.in_(sorted(OPEN)))
    moved = 0
    for case_id in sorted(tx.conn.scalars(owned)):
        work = lock(tx, office, case_id, cases.c.owner_id == person_id)
        if work is not None:
            reroute(work, "owner_gone")
            work.save()
            moved += 1
    return moved
