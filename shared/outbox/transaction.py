"""One transaction of an effect and the events it causes."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy import Connection, Engine, Table, update

from shared.clock import Clock
from shared.context import Context, current
from shared.db import insert_rows
from shared.events import Event, checking, encode
from shared.events.catalogue import EVENT_TYPES
from shared.ids import new_id
from shared.outbox.tables import BODY_LIMIT, SHARDS


class EventTooLarge(Exception):
    """An event's data is over 256 KiB; nothing was written."""


class Bell(Protocol):
    """Wakes the relay after a commit."""

    def ring(self) -> None:
        """Tell the relay that rows wait; never raises, for the relay also looks by itself."""


def shard_of(item_id: UUID) -> int:
    """The relay shard of an item: all its events are sent by one relay, in order."""
    return zlib.crc32(item_id.bytes) % SHARDS


@dataclass(slots=True)
class Transaction:
    """An open transaction: its connection, its moment, and the events written when it commits."""

    conn: Connection
    now: datetime
    source: str
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _causes: Mapping[UUID, Event] = field(default_factory=dict)

    def emit(
        self, name: str, subject: UUID, sequence: int, data: Mapping[str, Any], *, cause: Event | None = None
    ) -> UUID:
        """Publish `name` (such as `case.assigned`) about the subject when this transaction commits.

        The caller holds the subject's row, so that commit order is sequence order (see `advance`).
        The event carries the ids of its cause: `cause` when given, else the event with the same subject
        among those being handled, else the current context. Returns the event's id. Raises EventTooLarge.
        """
        cause = cause or self._causes.get(subject)
        context = current() if cause is None else context_of(cause)
        event = Event(
            id=new_id(),
            source=self.source,
            type=EVENT_TYPES[name].type,
            subject=subject,
            sequence=sequence,
            time=self.now,
            data=data,
            correlationid=context.correlationid,
            causationid=context.causationid,
            traceparent=context.traceparent,
        )
        if checking.is_on():
            checking.check(event)
        self._rows.append(outbox_row(event, EVENT_TYPES[name].topic))
        return event.id

    def handling(self, events: Sequence[Event]) -> None:
        """From here on, what is emitted about the subject of one of these events is caused by it."""
        self._causes = {event.subject: event for event in events}

    def flush(self, table: Table) -> bool:
        """Write what was emitted into the outbox, in one statement; whether there was any."""
        rows, self._rows = self._rows, []
        insert_rows(self.conn, table, rows)
        return bool(rows)


def context_of(cause: Event) -> Context:
    """The context of work that an event causes."""
    if cause.traceparent is None:
        return Context(correlationid=cause.correlationid, causationid=cause.id)
    return Context(correlationid=cause.correlationid, causationid=cause.id, traceparent=cause.traceparent)


def outbox_row(event: Event, topic: str) -> dict[str, Any]:
    """The event as a row of the outbox. Raises EventTooLarge."""
    attributes, body = encode(event)
    if len(body) > BODY_LIMIT:
        raise EventTooLarge(EventTooLarge.__doc__)
    return {
        "event_id": event.id,
        "item_id": event.subject,
        "sequence": event.sequence,
        "shard": shard_of(event.subject),
        "topic": topic,
        "attributes": orjson.dumps(attributes).decode(),
        "body": body,
        "created_at": event.time,
    }


@dataclass(frozen=True)
class Outbox:
    """Opens transactions on one service's database."""

    engine: Engine
    table: Table
    source: str
    clock: Clock
    bell: Bell

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commit the effect and its events together, or neither; then wake the relay."""
        now = self.clock.now()
        with self.engine.begin() as conn:
            tx = Transaction(conn=conn, now=now, source=self.source)
            yield tx
            emitted = tx.flush(self.table)
        if emitted:
            self.bell.ring()


def advance(conn: Connection, table: Table, item_id: UUID, by: int = 1) -> int:
    """Lock the item's row and move its sequence on; the last of the `by` new numbers.

    Raises sqlalchemy.exc.NoResultFound when there is no such item.
    """
    moved = (
        update(table)
        .where(table.c.id == item_id)
        .values(sequence=table.c.sequence + by)
        .returning(table.c.sequence)
    )
    number: int = conn.execute(moved).scalar_one()
    return number
