"""Events put aside: parked, tried again when their time or their turn comes, or buried as dead letters."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, func, select, tuple_, update

from shared import metrics
from shared.backoff import delay_s
from shared.bus.port import Record
from shared.db import among, insert_new
from shared.inbox.sorting import Held, Key
from shared.inbox.tables import PARKED, Reason

MAX_ATTEMPTS = 8
CLAIM_S = 10.0
RETRY_BATCH = 500
BLOCKED = and_(PARKED.c.reason == Reason.BLOCKED, PARKED.c.next_try_at.is_(None))
NAMESPACE = UUID("6f1f4b4e-6c8e-5d6c-9d3e-2f3c1a0b7e55")


@dataclass(frozen=True, slots=True)
class Garbage:
    """A record that is no event, and why."""

    record: Record
    error: str


def next_try(held: Held, attempts: int, waits: int, now: datetime) -> datetime | None:
    """When to look at it again by itself; None when something else must happen first."""
    match held.reason:
        case Reason.FAILED:
            wait = delay_s(attempts, first_s=1.0, most_s=900.0, factor=4.0)
        case Reason.NOT_YET:
            wait = delay_s(waits, first_s=0.1, most_s=5.0)
        case Reason.GAP:
            wait = delay_s(waits, first_s=0.5, most_s=30.0)
        case Reason.UNKNOWN_VERSION:
            wait = delay_s(waits, first_s=5.0, most_s=60.0)
        case _:
            return None
    return now + timedelta(seconds=wait)


class Parking:
    """What one consumer has put aside. Every method works inside the caller's transaction."""

    def __init__(self, consumer: str) -> None:
        self._consumer = consumer
        self._mine = PARKED.c.consumer == consumer

    def hold(self, conn: Connection, held: Sequence[Held], now: datetime) -> None:
        """Put events aside, or back."""
        self._tell_blocked(conn, held)
        fresh = [self._row(h, now) for h in held if not h.incoming.parked]
        insert_new(conn, PARKED, fresh, "event_id")
        self._update(conn, [self._changes(h, now) for h in held if h.incoming.parked])
        for h in held:
            if not h.incoming.parked:
                metrics.EVENTS_PARKED.labels(h.reason).inc()

    def bury(self, conn: Connection, garbage: Sequence[Garbage], now: datetime) -> None:
        """Keep what cannot be decoded as it is; the same record again is the same dead letter."""
        insert_new(conn, PARKED, [self._dead_row(item, now) for item in garbage], "event_id")
        metrics.EVENTS_PARKED.labels(Reason.UNDECODABLE).inc(len(garbage))

    def bury_parked(self, conn: Connection, event_id: UUID, error: str, now: datetime) -> None:
        """What was parked by other code cannot be decoded by this one."""
        final = {"reason": Reason.UNDECODABLE, "error": error, "next_try_at": None, "last_at": now}
        self._update(conn, [{"event_id": event_id, **final}])

    def remove(self, conn: Connection, event_ids: Iterable[UUID]) -> None:
        """These are handled."""
        ids = list(event_ids)
        if ids:
            conn.execute(delete(PARKED).where(self._mine, among(conn, PARKED.c.event_id, ids)))

    def release(self, conn: Connection, subjects: Iterable[UUID], now: datetime) -> None:
        """Something happened to these subjects: what waited for that is due."""
        waiting = PARKED.c.reason.in_((Reason.GAP, Reason.NOT_YET, Reason.BLOCKED))
        touched = among(conn, PARKED.c.subject, set(subjects))
        conn.execute(update(PARKED).where(self._mine, touched, waiting).values(next_try_at=now))

    def anything_blocked(self, conn: Connection) -> bool:
        """Whether any event stands behind another."""
        return conn.execute(select(PARKED.c.event_id).where(self._mine, BLOCKED).limit(1)).first() is not None

    def release_orphans(self, conn: Connection, now: datetime) -> None:
        """Make due what is blocked although nothing stands in front of it any more.

        Two workers cause this: one parks an event behind another that the second worker just handled.
        """
        front = PARKED.alias()
        behind = exists().where(
            front.c.consumer == PARKED.c.consumer,
            front.c.source == PARKED.c.source,
            front.c.subject == PARKED.c.subject,
            front.c.sequence < PARKED.c.sequence,
            front.c.reason != Reason.REUSED,
        )
        conn.execute(update(PARKED).where(self._mine, BLOCKED, ~behind).values(next_try_at=now))

    def next_due(self, conn: Connection) -> datetime | None:
        """When the next event is to be tried again."""
        due: datetime | None = conn.execute(select(func.min(PARKED.c.next_try_at)).where(self._mine)).scalar()
        return due

    def claim(self, conn: Connection, now: datetime) -> list[Row[Any]]:
        """Due events and everything parked behind them, in order; other workers leave them alone for a while."""
        due = (
            select(PARKED.c.event_id)
            .where(self._mine, PARKED.c.next_try_at <= now)
            .order_by(PARKED.c.next_try_at)
            .limit(RETRY_BATCH)
            .with_for_update(skip_locked=True)
        )
        later = now + timedelta(seconds=CLAIM_S)
        claimed = update(PARKED).where(self._mine, PARKED.c.event_id.in_(due)).values(next_try_at=later)
        keys = {
            (row.source, row.subject) for row in conn.execute(claimed.returning(PARKED.c.source, PARKED.c.subject))
        }
        return self._of_keys(conn, keys)

    def _of_keys(self, conn: Connection, keys: Iterable[Key]) -> list[Row[Any]]:
        chosen = tuple_(PARKED.c.source, PARKED.c.subject).in_(list(keys))
        found = (
            select(PARKED)
            .where(self._mine, chosen, PARKED.c.reason.not_in(Reason.FINAL))
            .order_by(PARKED.c.source, PARKED.c.subject, PARKED.c.sequence)
            .limit(RETRY_BATCH)
        )
        return list(conn.execute(found).all()) if keys else []

    def _tell_blocked(self, conn: Connection, held: Sequence[Held]) -> None:
        """A gap behind something parked is no gap: the event in front is known."""
        gaps = [h for h in held if h.reason == Reason.GAP]
        if not gaps:
            return
        subjects = {h.incoming.event.subject for h in gaps}
        query = select(PARKED.c.source, PARKED.c.subject, func.min(PARKED.c.sequence).label("first"))
        query = query.where(self._mine, among(conn, PARKED.c.subject, subjects), PARKED.c.reason != Reason.REUSED)
        rows = conn.execute(query.group_by(PARKED.c.source, PARKED.c.subject))
        first: Mapping[Key, int] = {(row.source, row.subject): row.first for row in rows}
        for h in gaps:
            if first.get(h.incoming.key, h.incoming.event.sequence) < h.incoming.event.sequence:
                h.reason = Reason.BLOCKED

    def _update(self, conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in rows[0] if name != "event_id"}
            changed = update(PARKED).where(self._mine, PARKED.c.event_id == bindparam("v_event_id"))
            parameters = [{f"v_{name}": value for name, value in row.items()} for row in rows]
            conn.execute(changed.values(values), parameters)

    def _row(self, held: Held, now: datetime) -> dict[str, Any]:
        event = held.incoming.event
        return {
            "consumer": self._consumer,
            "event_id": event.id,
            **raw(held.incoming.record),
            "type": event.type,
            "source": event.source,
            "subject": event.subject,
            "sequence": event.sequence,
            "first_at": now,
            **self._changes(held, now),
        }

    def _changes(self, held: Held, now: datetime) -> dict[str, Any]:
        failed = held.reason == Reason.FAILED
        attempts = held.incoming.attempts + failed
        waits = held.incoming.waits + (not failed)
        dead = failed and attempts >= MAX_ATTEMPTS
        return {
            "event_id": held.incoming.event.id,
            "reason": Reason.DEAD if dead else held.reason,
            "error": held.error,
            "attempts": attempts,
            "waits": waits,
            "next_try_at": None if dead else next_try(held, attempts, waits, now),
            "last_at": now,
        }

    def _dead_row(self, item: Garbage, now: datetime) -> dict[str, Any]:
        return {
            "consumer": self._consumer,
            "event_id": identity(item.record),
            **raw(item.record),
            "reason": Reason.UNDECODABLE,
            "error": item.error,
            "attempts": 1,
            "waits": 0,
            "first_at": now,
            "last_at": now,
        }


def raw(record: Record) -> dict[str, Any]:
    """The record as columns; header values are base64, for they may be any bytes."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "value": record.value,
        "headers": orjson.dumps(
            [[name, base64.b64encode(value or b"").decode()] for name, value in record.headers]
        ).decode(),
    }


def record_of(row: Row[Any]) -> Record:
    """The record as it came."""
    headers = tuple((name, base64.b64decode(value)) for name, value in orjson.loads(row.headers))
    return Record(row.topic, row.partition, row.offset, row.key, row.value, headers)


def identity(record: Record) -> UUID:
    """An id for a record that has none: where it lay and what it holds."""
    content = hashlib.sha256(record.value or b"").hexdigest()
    return uuid5(NAMESPACE, f"{record.topic}/{record.partition}/{record.offset}/{content}")
