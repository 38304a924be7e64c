"""The tables of the inbox: what was handled, and what is put aside."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.db import UtcDateTime

_OWN = MetaData()

#: One row per event a consumer has handled or skipped. The primary key is the guard against doing
#: anything twice; the unique constraint is the second one and finds the last sequence of a subject.
INBOX = Table(
    "inbox",
    _OWN,
    Column("consumer", String(64), nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("source", String(64), nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("handled_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("consumer", "event_id", name="pk_inbox"),
    UniqueConstraint("consumer", "source", "subject", "sequence", name="uq_inbox_sequence"),
)

#: Events put aside, as raw as they came; `headers` is a JSON list of [name, base64]. `reason` is one of
#: `Reason`; source, subject and sequence are null where the record could not be decoded. `next_try_at` is
#: null for what nothing but an operator, or the event in front of it, can move.
PARKED = Table(
    "parked",
    _OWN,
    Column("consumer", String(64), nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("topic", String(100), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", Text, nullable=False),
    Column("type", String(200)),
    Column("source", String(64)),
    Column("subject", Uuid),
    Column("sequence", Integer),
    Column("reason", String(20), nullable=False),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("waits", Integer, nullable=False),
    Column("next_try_at", UtcDateTime),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("consumer", "event_id", name="pk_parked"),
    Index("ix_parked_subject", "consumer", "subject", "source", "sequence"),
    Index("ix_parked_next_try", "consumer", "next_try_at"),
)


class Reason:
    """Why an event is put aside."""

    GAP = "gap"  # one before it has not come
    NOT_YET = "not_yet"  # a handler needs something from another stream
    FAILED = "failed"  # a handler failed; tried again
    BLOCKED = "blocked"  # stands behind a parked event of its subject
    UNKNOWN_VERSION = "unknown_version"  # waits for a newer deployment
    DEAD = "dead"  # failed too often
    UNDECODABLE = "undecodable"  # no event of ours
    REUSED = "number_reused"  # another event with its sequence was handled before

    #: Only an operator moves these on.
    FINAL = (DEAD, UNDECODABLE, REUSED)


def add_inbox(metadata: MetaData) -> tuple[Table, Table]:
    """Declare both tables in a service's metadata: inbox, parked."""
    return INBOX.to_metadata(metadata), PARKED.to_metadata(metadata)
