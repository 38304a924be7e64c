"""The lock of a number: who sends to it and who stops it take turns on one row."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from services.notifications.domain.consent import ALLOWED, STOPPING
from services.notifications.models.tables import consents
from shared.db import insert_new


class Number(NamedTuple):
    """What is known of a number: may it be texted, since when, and was it told who sees it."""

    status: str
    since: datetime
    noticed_at: datetime | None


def lock_number(conn: Connection, contact_hash: bytes, now: datetime) -> Number:
    """Hold the number until this transaction ends. A number nobody spoke for may be texted."""
    fresh = {"contact_hash": contact_hash, "status": ALLOWED, "cause": "none", "since": now}
    insert_new(conn, consents, [fresh], returning="contact_hash")
    held = select(consents.c.status, consents.c.since, consents.c.noticed_at).where(
        consents.c.contact_hash == contact_hash
    )
    return Number(*conn.execute(held.with_for_update()).one())


def bar(conn: Connection, contact_hash: bytes, seen: Number, now: datetime) -> None:
    """Begin no text to the number from here on, unless anything was said since it was `seen`.

    Then what the seen one waited for may be over, and nobody would come to lift this again.
    """
    if lock_number(conn, contact_hash, now) == seen and seen.status == ALLOWED:
        set_status(conn, contact_hash, STOPPING, "none", now)


def set_status(conn: Connection, contact_hash: bytes, status: str, cause: str, now: datetime) -> None:
    """Say whether the number may be texted; the caller holds its lock."""
    conn.execute(
        update(consents)
        .where(consents.c.contact_hash == contact_hash)
        .values(status=status, cause=cause, since=now)
    )
