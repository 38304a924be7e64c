"""Cases: where each stands, what was said, what happened, which promises run, who looked."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Uuid,
)

from services.routing.models.foundation import metadata
from shared.db import Json, UtcDateTime

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", String(20), nullable=False, unique=True),
    Column("sequence", Integer, nullable=False),
    # What was told, as far as it may be known without the item's key.
    Column("kind", String(20), nullable=False),
    Column("category", String(80), nullable=False),
    Column("district", String(80)),
    Column("language", String(35), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("about", String(40)),
    Column("anonymous", Boolean, nullable=False),
    Column("preferred_partner", String(20), nullable=False),
    Column("partner", String(80)),
    Column("names_person", Boolean, nullable=False),
    Column("show_publicly", Boolean, nullable=False),
    Column("contact_by", String(20), nullable=False),
    Column("quarantine", String(80)),
    Column("key_wrapped", LargeBinary, nullable=False),
    # Keyed hash of the resident's phone or address for mail: finds who answered them before, and nothing else.
    Column("resident", LargeBinary),
    # What the rules said of its haste: 0 to 9.
    Column("priority", SmallInteger, nullable=False, server_default="0"),
    # Who answers for it: one person, or a queue that has an owner.
    Column("owner_id", Uuid, ForeignKey("people.id")),
    Column("queue", String(80)),
    Column("team", String(80)),
    Column("organisation", String(80), nullable=False),
    Column("accepted_at", UtcDateTime),
    # Where it stands.
    Column("state", String(20), nullable=False),
    Column("outcome", String(40)),
    # Who wants to discard what is held back; it takes a second person.
    Column("discard_proposed_by", Uuid, ForeignKey("people.id")),
    Column("received_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    # What was promised, under the policy it was received under.
    Column("policy", String(80), nullable=False),
    Column("policy_version", Integer, nullable=False),
    # Which of `policies` pins the spans, the calendar and the ladder.
    Column("terms", String(32)),
    Column("first_response_due_at", UtcDateTime, nullable=False),
    Column("first_responded_at", UtcDateTime),
    Column("first_response_s", Double),
    # What the resident waits for now (a reopened case has a second first answer); null when they do not wait.
    Column("response_due_at", UtcDateTime),
    # Of all clocks that run, the one that ends soonest; its warning, and how often the timer was set.
    Column("due_at", UtcDateTime),
    Column("due_clock", String(20)),
    Column("warn_at", UtcDateTime),
    Column("ring", Integer, nullable=False, server_default="0"),
    Column("cycle", SmallInteger, nullable=False, server_default="1"),
    CheckConstraint("(owner_id IS NULL) <> (queue IS NULL)", name="ck_cases_one_owner"),
)
_open = cases.c.state.not_in(("resolved", "closed"))
Index(
    "ix_cases_owner_open",
    cases.c.owner_id, cases.c.received_at, cases.c.id,
    postgresql_where=_open, sqlite_where=_open,
)  # fmt: skip
Index(
    "ix_cases_team_open",
    cases.c.team, cases.c.received_at, cases.c.id,
    postgresql_where=_open, sqlite_where=_open,
)  # fmt: skip
_waiting = cases.c.queue.is_not(None)
Index("ix_cases_queue", cases.c.queue, cases.c.received_at, postgresql_where=_waiting, sqlite_where=_waiting)
_running = cases.c.due_at.is_not(None)
Index("ix_cases_due", cases.c.due_at, cases.c.id, postgresql_where=_running, sqlite_where=_running)
_known = cases.c.resident.is_not(None)
Index("ix_cases_resident", cases.c.resident, cases.c.received_at, postgresql_where=_known, sqlite_where=_known)
Index("ix_cases_organisation", cases.c.organisation, cases.c.received_at, cases.c.id)
Index("ix_cases_received", cases.c.received_at, cases.c.id)

# The conversation: the story that opened the case, the resident's messages, replies, notes among staff,
# the sentence of an outcome, and reasons in a person's own words. Each sealed with the case's key.
messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("author_id", Uuid, ForeignKey("people.id")),
    Column("channel", String(20)),
    Column("at", UtcDateTime, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("delivery", String(20)),
    Column("failure", String(80)),
    Index("ix_messages_case", "case_id", "sequence"),
)

# Every event of a case as it was published, and the certificate of those that chose an owner.
history = Table(
    "history",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("type", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Uuid, ForeignKey("people.id")),
    Column("data", Json, nullable=False),
    Column("certificate", Json),
)

# Every run of every clock: what the history proves, kept for lists and figures.
clock_intervals = Table(
    "clock_intervals",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("clock", String(20), primary_key=True),
    Column("cycle", SmallInteger, primary_key=True),
    Column("owner_id", Uuid, ForeignKey("people.id")),
    Column("started_at", UtcDateTime, nullable=False),
    Column("warn_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("stopped_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)

# What was promised under a version of a policy, word for word; cases name it, so it is never changed.
policies = Table(
    "policies",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("code", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Json, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)

# Every time somebody opened a case.
views = Table(
    "views",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_views_case", "case_id", "at"),
)
