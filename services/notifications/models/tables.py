"""The tables of notifications: whom we write to, what we wrote, each attempt to hand it over, who said stop."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from shared.db import UtcDateTime
from shared.inbox import add_inbox
from shared.leases import add_leases
from shared.outbox import add_outbox
from shared.timers import add_timers

metadata = MetaData()

# One row per case, from feedback.received. `contact` is sealed with the item's key; `sequence` numbers the
# delivery.changed events about the case. Without a channel nothing is ever sent. `texted`: the concern came
# by text, so that texts back continue it.
recipients = Table(
    "recipients",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("contact", LargeBinary),
    Column("channel", String(10)),
    Column("contact_hash", LargeBinary, index=True),
    Column("language", String(35), nullable=False),
    Column("imported", Boolean, nullable=False),
    Column("texted", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("kept_at", UtcDateTime, nullable=False),
)

# What goes to a resident, once per (case, template, recipient, cause). `body` is sealed with the item's key.
messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("recipients.id"), nullable=False),
    Column("template", String(40), nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("cause_id", Uuid, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", String(20), nullable=False),
    Column("failure", String(40)),
    Column("code", String(40)),
    Column("provider", String(20)),
    Column("reference", String(64)),
    Column("carrier_status", String(20)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("correlationid", String(64), nullable=False),
    Column("causationid", Uuid),
    Column("traceparent", String(64)),
    UniqueConstraint("case_id", "template", "recipient", "cause_id", name="uq_messages_once"),
)
_pending = messages.c.state == "pending"
Index("ix_messages_due", messages.c.next_attempt_at, postgresql_where=_pending, sqlite_where=_pending)
_open = messages.c.state.in_(("pending", "sending", "held", "unknown"))
Index("ix_messages_open", messages.c.state, postgresql_where=_open, sqlite_where=_open)
Index("ix_messages_reference", messages.c.reference)
Index("ix_messages_recipient_state", messages.c.recipient, messages.c.state)

# One row per hand-over that was begun; its id is the reference a status callback names.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", Uuid, ForeignKey("messages.id"), nullable=False, index=True),
    Column("recipient", LargeBinary, nullable=False),
    Column("provider", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("deadline", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("failure", String(40)),
)
_under_way = attempts.c.state == "sending"
Index("ix_attempts_under_way", attempts.c.recipient, postgresql_where=_under_way, sqlite_where=_under_way)

# Whether a number may be texted. The row is the lock that sending and STOP take; `noticed_at` is when the
# number was first told who can see it.
consents = Table(
    "consents",
    metadata,
    Column("contact_hash", LargeBinary, primary_key=True),
    Column("status", String(10), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("noticed_at", UtcDateTime),
)

breakers = Table(
    "breakers",
    metadata,
    Column("provider", String(20), primary_key=True),
    Column("recent", String(20), nullable=False),
    Column("opened_at", UtcDateTime),
    Column("probing", Boolean, nullable=False),
)

outbox = add_outbox(metadata)
inbox, parked = add_inbox(metadata)
leases = add_leases(metadata)
timers = add_timers(metadata)
