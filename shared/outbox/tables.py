"""The outbox table that each service has in its own database."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.db.types import UtcDateTime

SHARDS = 16
BODY_LIMIT = 256 * 1024


def add_outbox(metadata: MetaData) -> Table:
    """Declare the table. A row is unsent until `sent_at`, or `dead_at` when the bus will never take it."""
    table = Table(
        "outbox",
        metadata,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("item_id", Uuid, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("shard", SmallInteger, nullable=False),
        Column("topic", String(100), nullable=False),
        Column("attributes", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("sent_at", UtcDateTime),
        Column("dead_at", UtcDateTime),
        Column("error", Text),
        UniqueConstraint("item_id", "sequence", name="uq_outbox_item_sequence"),
    )
    waiting = table.c.sent_at.is_(None) & table.c.dead_at.is_(None)
    Index("ix_outbox_waiting", table.c.id, postgresql_where=waiting, sqlite_where=waiting)
    return table
