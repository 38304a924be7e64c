"""Staff: who they are, how they sign in, which queues they answer for."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
    true,
)

from services.routing.models.foundation import metadata
from shared.db import Json, UtcDateTime

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("team", String(80)),
    Column("organisation", String(80)),
    Column("unit", String(200)),
    Column("badge", String(80)),
    Column("reports_to", Uuid, ForeignKey("people.id")),
    Column("languages", Json, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("available", Boolean, nullable=False, server_default=true()),
    # What the rules look at to choose a person: skills, the week she works ("Mo-Fr 08:00-16:00"; null: always),
    # periods she is away, the open cases at which they stop, her share of a full load in percent.
    Column("skills", Json, nullable=False, server_default="[]"),
    Column("shift", String(200)),
    Column("away", Json, nullable=False, server_default="[]"),
    Column("cap", Integer),
    Column("weight", Integer, nullable=False, server_default="100"),
    # How many open cases she owns: kept by every command, so that nobody counts cases to choose a person.
    Column("open_cases", Integer, nullable=False, server_default="0"),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("password_hash", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_people_team", "team"),
)

# Where cases wait, and who answers for them meanwhile; follows the city pack and the people.
queues = Table(
    "queues",
    metadata,
    Column("code", String(80), primary_key=True),
    Column("organisation", String(80), nullable=False),
    Column("owner_id", Uuid, ForeignKey("people.id")),
    Index("ix_queues_owner", "owner_id"),
)

# One-time links to set a password; only their hash is kept.
invitations = Table(
    "invitations",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Index("ix_invitations_person", "person_id"),
)

# Signed-in browsers. The cookie holds a secret, the row its hash; `id` names the row to its owner.
sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("browser", String(80), nullable=False),
    Index("ix_sessions_person", "person_id"),
)

# Tokens of programs, with their owner's rights; the hash is hexadecimal, as other services know it.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("label", String(80), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Index("ix_tokens_person", "person_id"),
)

__all__ = ["invitations", "people", "queues", "sessions", "tokens"]
