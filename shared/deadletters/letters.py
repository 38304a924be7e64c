"""Lists and shows dead letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, func, select

from shared.events import short_name
from shared.inbox.parking import record_of
from shared.inbox.tables import PARKED, Reason
from shared.outbox.backlog import OUTBOX

INBOX_DEAD = PARKED.c.reason.in_(Reason.FINAL)
OUTBOX_DEAD = OUTBOX.c.dead_at.is_not(None)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter. `box` is "inbox" for what came and "outbox" for what could not be sent.

    Subject and sequence are None for a record that is no event; partition and offset for what was not sent.
    """

    id: UUID
    box: str
    reason: str
    error: str | None
    name: str | None
    source: str | None
    subject: UUID | None
    sequence: int | None
    topic: str
    partition: int | None
    offset: int | None
    attempts: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """A dead letter with what it holds: headers and key as text where they are text, the data as it came."""

    letter: DeadLetter
    key: str
    headers: Mapping[str, str]
    value: str


def list_dead(conn: Connection, *, limit: int = 1000) -> list[DeadLetter]:
    """The dead letters of the service whose database this is, oldest first."""
    came = select(PARKED).where(INBOX_DEAD).order_by(PARKED.c.first_at, PARKED.c.sequence).limit(limit)
    unsent = select(OUTBOX).where(OUTBOX_DEAD).order_by(OUTBOX.c.id).limit(limit)
    letters = [_from_inbox(row) for row in conn.execute(came)] + [_from_outbox(row) for row in conn.execute(unsent)]
    return sorted(letters, key=lambda letter: letter.first_at)[:limit]


def count_dead(conn: Connection) -> int:
    """How many there are."""
    came = conn.execute(select(func.count()).select_from(PARKED).where(INBOX_DEAD)).scalar_one()
    unsent = conn.execute(select(func.count()).select_from(OUTBOX).where(OUTBOX_DEAD)).scalar_one()
    return came + unsent


def show(conn: Connection, letter_id: UUID) -> Contents | None:
    """One dead letter with everything that is known of it; None when there is none of that id."""
    row = conn.execute(select(PARKED).where(INBOX_DEAD, PARKED.c.event_id == letter_id)).first()
    if row is not None:
        record = record_of(row)
        headers = {name: _text(value) for name, value in record.headers}
        return Contents(_from_inbox(row), _text(record.key), headers, _text(record.value))
    row = conn.execute(select(OUTBOX).where(OUTBOX_DEAD, OUTBOX.c.event_id == letter_id)).first()
    if row is not None:
        return Contents(_from_outbox(row), str(row.item_id), orjson.loads(row.attributes), _text(row.body))
    return None


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "backslashreplace")


def _from_inbox(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        id=row.event_id,
        box="inbox",
        reason=row.reason,
        error=row.error,
        name=short_name(row.type) if row.type else None,
        source=row.source,
        subject=row.subject,
        sequence=row.sequence,
        topic=row.topic,
        partition=row.partition,
        offset=row.offset,
        attempts=row.attempts,
        first_at=row.first_at,
        last_at=row.last_at,
    )


def _from_outbox(row: Row[Any]) -> DeadLetter:
    attributes = orjson.loads(row.attributes)
    return DeadLetter(
        id=row.event_id,
        box="outbox",
        reason="refused",
        error=row.error,
        name=short_name(attributes["type"]),
        source=attributes["source"],
        subject=row.item_id,
        sequence=row.sequence,
        topic=row.topic,
        partition=None,
        offset=None,
        attempts=row.attempts,
        first_at=row.created_at,
        last_at=row.dead_at,
    )
