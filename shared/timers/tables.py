"""The table of timers, and how they are set and called off."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Uuid,
    delete,
)

from shared.db import UtcDateTime, insert_new

_OWN = MetaData()

#: `try_at` is the moment of the next try: `due_at`, or later after a failure. A fired timer stays for a
#: while, so that the same cycle cannot be set again.
TIMERS = Table(
    "timers",
    _OWN,
    Column("item_id", Uuid, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("try_at", UtcDateTime, nullable=False),
    Column("fired_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    PrimaryKeyConstraint("item_id", "kind", "cycle", name="pk_timers"),
)
_OPEN = TIMERS.c.fired_at.is_(None)
Index("ix_timers_open", TIMERS.c.try_at, postgresql_where=_OPEN, sqlite_where=_OPEN)


def add_timers(metadata: MetaData) -> Table:
    """Declare the table in a service's metadata."""
    return TIMERS.to_metadata(metadata)


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to do about an item at a moment. `cycle` tells repetitions of one kind apart.

    `late_by` is set when the timer fires: how long after `due_at` that is.
    """

    item_id: UUID
    kind: str
    cycle: int
    due_at: datetime
    late_by: timedelta = field(default=timedelta(), compare=False)


def schedule(conn: Connection, *timers: Timer) -> None:
    """Set timers in the transaction of what they belong to. One that is set already, or has fired, stays."""
    if not timers:
        return
    rows = [
        {"item_id": t.item_id, "kind": t.kind, "cycle": t.cycle, "due_at": t.due_at, "try_at": t.due_at}
        for t in timers
    ]
    insert_new(conn, TIMERS, rows, returning="item_id")


def cancel(conn: Connection, item_id: UUID, kind: str) -> int:
    """Call off what has not fired, in the transaction that makes it pointless; how many."""
    return conn.execute(delete(TIMERS).where(TIMERS.c.item_id == item_id, TIMERS.c.kind == kind, _OPEN)).rowcount
