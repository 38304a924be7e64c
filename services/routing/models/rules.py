"""Rule sets: the versions that were published, the drafts before them, and what decisions rested on."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, Uuid

from services.routing.models.foundation import metadata
from shared.db import Json, UtcDateTime

# Published versions are never changed. The version in force is the last whose moment has come.
rule_sets = Table(
    "rule_sets",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("author_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("author_organisation", String(80)),
    Column("approved_by", Uuid, ForeignKey("people.id"), nullable=False),
    Column("approver_organisation", String(80), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Index("ix_rule_sets_valid", "valid_from"),
)

# What somebody writes before it is published: draft, proposed (waits for the other organisation), published
# or withdrawn. `sequence` moves with every change, so that nobody approves what they have not read.
rule_drafts = Table(
    "rule_drafts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("author_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("author_organisation", String(80)),
    Column("valid_from", UtcDateTime),
    Column("version", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("version", name="uq_rule_drafts_version"),
)

# A draft deciding the past: asked for in a page, done by the worker, for the eyes of whoever asked. `walls`: how
# many cases of the time were closed to them when the worker began.
rehearsals = Table(
    "rehearsals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("draft_id", Uuid, ForeignKey("rule_drafts.id"), nullable=False),
    Column("asked_by", Uuid, ForeignKey("people.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("walls", Integer, nullable=False, server_default="0"),
    Column("result", Json),
    Index("ix_rehearsals_draft", "draft_id"),
)

# The people of the teams and the city's arrangement as decisions saw them, by the digest of the value.
snapshots = Table(
    "snapshots",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("data", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
