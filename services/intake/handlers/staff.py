"""Knows whose staff token somebody shows, from what routing says about its people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, select

from services.intake.models import staff, staff_tokens
from shared.clock import Clock
from shared.db import insert_new, insert_rows
from shared.events import Event
from shared.events.sealed import token_hash
from shared.outbox import Transaction
from shared.sealing import KeyedHash


def know_staff(tx: Transaction, events: Sequence[Event]) -> None:
    """Each event is the whole of a person: replace what was known. A later state is never undone."""
    newest = {event.subject: event for event in sorted(events, key=lambda event: event.sequence)}
    known = select(staff.c.person_id, staff.c.sequence).where(staff.c.person_id.in_(newest)).with_for_update()
    for person_id, sequence in tx.conn.execute(known):
        if sequence >= newest[person_id].sequence:
            del newest[person_id]
    tx.conn.execute(delete(staff_tokens).where(staff_tokens.c.person_id.in_(newest)))
    tx.conn.execute(delete(staff).where(staff.c.person_id.in_(newest)))
    insert_rows(tx.conn, staff, [_person(event) for event in newest.values()])
    tokens = [row for event in newest.values() for row in _tokens(event)]
    insert_new(tx.conn, staff_tokens, tokens, returning="token_hash")


def _person(event: Event) -> dict[str, Any]:
    return {
        "person_id": event.subject,
        "sequence": event.sequence,
        "role": event.data["role"],
        "organisation": event.data.get("organisation"),
        "active": event.data["active"],
    }


def _tokens(event: Event) -> list[dict[str, Any]]:
    return [
        {
            "token_hash": token["hash"],
            "person_id": event.subject,
            "expires_at": datetime.fromisoformat(token["expires_at"]),
        }
        for token in event.data["tokens"]
    ]


class StaffTokens:
    """Looks tokens up."""

    def __init__(self, engine: Engine, keyed: KeyedHash, clock: Clock) -> None:
        self._engine = engine
        self._keyed = keyed
        self._clock = clock

    def person(self, token: str) -> UUID | None:
        """The active member of staff whose valid token it is."""
        wanted = (
            select(staff.c.person_id)
            .join(staff_tokens, staff_tokens.c.person_id == staff.c.person_id)
            .where(
                staff_tokens.c.token_hash == token_hash(self._keyed, token),
                staff_tokens.c.expires_at > self._clock.now(),
                staff.c.active,
            )
        )
        with self._engine.execution_options(read_only=True).connect() as conn:
            return conn.execute(wanted).scalar_one_or_none()
