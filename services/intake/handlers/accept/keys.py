"""Idempotency keys: the same key with the same body gets the first answer again, for a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, select

from services.intake.models import idempotency, submissions
from shared.db import insert_new

KEPT_FOR = timedelta(hours=24)
ATTEMPTS = 5


class KeyReused(Exception):
    """The idempotency key came before with another body."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what came with it, both as keyed hashes."""

    hash: bytes
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """Who holds a key: the item, its key, and the answer sealed with it."""

    item_id: UUID
    body_hash: bytes
    item_key: bytes | None
    answer: bytes
    received_at: datetime


def claim_row(key: Key, item_id: UUID, answer: bytes, now: datetime) -> dict[str, Any]:
    """The row that holds a key for a day."""
    return {
        "key_hash": key.hash,
        "body_hash": key.body_hash,
        "item_id": item_id,
        "answer": answer,
        "expires_at": now + KEPT_FOR,
    }


def claim(conn: Connection, rows: Sequence[dict[str, Any]], now: datetime) -> Mapping[bytes, Earlier]:
    """Take the keys; for those already held, who holds them.

    Rows go in by key order, so that two processes with the same keys wait for each other and never
    in a circle. The primary key decides: a holder that has not committed yet is waited for.
    """
    wanted = sorted(rows, key=lambda row: row["key_hash"])
    earlier: dict[bytes, Earlier] = {}
    for _ in range(ATTEMPTS):
        fresh = insert_new(conn, idempotency, wanted, returning="key_hash")
        wanted = [row for row in wanted if row["key_hash"] not in fresh]
        if not wanted:
            return earlier
        held = _holders(conn, [row["key_hash"] for row in wanted], now)
        earlier |= held
        wanted = [row for row in wanted if row["key_hash"] not in held]
    raise KeyReused("the key changes hands too quickly")


def _holders(conn: Connection, hashes: Sequence[bytes], now: datetime) -> dict[bytes, Earlier]:
    """Who holds these keys today; what has expired is let go of, so that it can be taken again."""
    conn.execute(delete(idempotency).where(idempotency.c.key_hash.in_(hashes), idempotency.c.expires_at <= now))
    found = conn.execute(
        select(idempotency, submissions.c.key, submissions.c.received_at)
        .join(submissions, submissions.c.id == idempotency.c.item_id)
        .where(idempotency.c.key_hash.in_(hashes))
    )
    return {bytes(row.key_hash): _earlier(row) for row in found}


def _earlier(row: Row[Any]) -> Earlier:
    return Earlier(row.item_id, row.body_hash, row.key, row.answer, row.received_at)
