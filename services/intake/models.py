"""Intake's tables: submissions, their conversation, and what keeps them from being lost or taken twice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    false,
)

from shared.db import Json, UtcDateTime
from shared.ids import new_id
from shared.inbox import add_inbox
from shared.leases import add_leases
from shared.outbox import add_outbox
from shared.timers import add_timers
from shared.web.limits import add_limits

HASH = LargeBinary(32)

metadata = MetaData()

outbox = add_outbox(metadata)
inbox, parked = add_inbox(metadata)
timers = add_timers(metadata)
leases = add_leases(metadata)
rate_limits = add_limits(metadata)

#: A concern, and what residents may know of its case. `key` wraps what `sealed` and the messages are
#: sealed with; without it they are noise. `sequence` is the last one emitted for the item; the columns
#: from `public_state` on follow the events of routing up to `case_sequence`. `phone_hash` is the number it was
#: texted from; one that was only typed proves nothing, and stays sealed.
submissions = Table(
    "submissions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("receipt_hash", HASH, unique=True),
    Column("phone_hash", HASH),
    Column("kind", String(20), nullable=False),
    Column("category", String(64), nullable=False),
    Column("language", String(35), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("district", String(64)),
    Column("about", String(24)),
    Column("anonymous", Boolean, nullable=False),
    Column("preferred_partner", String(10), nullable=False),
    Column("partner", String(64)),
    Column("names_person", Boolean, nullable=False),
    Column("show_publicly", Boolean, nullable=False),
    Column("contact_by", String(10), nullable=False),
    Column("quarantine", String(32)),
    Column("key", LargeBinary),
    Column("sealed", LargeBinary),
    Column("sequence", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("active_at", UtcDateTime, nullable=False),
    Column("public_state", String(20), nullable=False, server_default="received"),
    Column("case_sequence", Integer, nullable=False, server_default="0"),
    Column("organisation", String(64)),
    Column("first_response_due_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
)
# A number has few cases; those that never can be continued by text stay out of the index.
Index(
    "ix_submissions_phone",
    submissions.c.phone_hash,
    submissions.c.active_at,
    postgresql_where=submissions.c.phone_hash.is_not(None),
    sqlite_where=submissions.c.phone_hash.is_not(None),
)

#: One row per idempotency key for a day; the answer is sealed with the item's key.
idempotency = Table(
    "idempotency",
    metadata,
    Column("key_hash", HASH, primary_key=True),
    Column("body_hash", HASH, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

#: Who did what to an item, from its acceptance on. `actor` is a role or a person's id, never an address.
audit = Table(
    "audit",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(40), nullable=False),
    Column("detail", Json),
)


def entry(item_id: UUID, at: datetime, actor: str, action: str) -> dict[str, Any]:
    """A row of the audit."""
    return {"item_id": item_id, "id": new_id(), "at": at, "actor": actor, "action": action}


#: The conversation, both sides, after the first text. Sealed with the item's key.
messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("item_id", Uuid, ForeignKey("submissions.id"), nullable=False),
    Column("side", String(3), nullable=False),
    Column("channel", String(20)),
    Column("at", UtcDateTime, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_messages_item", "item_id", "at"),
    CheckConstraint("side IN ('you', 'us')", name="ck_messages_side"),
)

#: What the resident was shown, and since when.
public_history = Table(
    "public_history",
    metadata,
    Column("item_id", Uuid, ForeignKey("submissions.id"), primary_key=True),
    Column("case_sequence", Integer, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: A phone number, known by its keyed hash. Its row is the lock that puts the texts of one number in order;
#: `sequence` counts its consent.changed events.
contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("phone_hash", HASH, nullable=False, unique=True),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("opted_out", Boolean, nullable=False, server_default=false()),
    Column("since", UtcDateTime, nullable=False),
)

#: Every text that came in, once. `outcome` says what became of it; `item_id` is a submission's, or a
#: contact point's for consent. `media` holds the addresses of pictures, sealed
#: with the row's own key, until they are fetched.
inbound_texts = Table(
    "inbound_texts",
    metadata,
    Column("message_sid", String(64), primary_key=True),
    Column("body_hash", HASH, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("item_id", Uuid, nullable=False, index=True),
    Column("key", LargeBinary),
    Column("media", LargeBinary),
    Column("received_at", UtcDateTime, nullable=False),
    CheckConstraint("outcome IN ('case', 'reply', 'consent', 'quarantined')", name="ck_inbound_texts_outcome"),
)

#: Staff as far as the front door needs them: whose token is this, and is it still good.
staff = Table(
    "staff",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("role", String(20), nullable=False),
    Column("organisation", String(64)),
    Column("active", Boolean, nullable=False),
)
staff_tokens = Table(
    "staff_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("staff.person_id"), nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
)
