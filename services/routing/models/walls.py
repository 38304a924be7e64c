"""Walls: what each case is about, to whom it is closed and why, who works where since when."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, Uuid

from services.routing.models.foundation import metadata
from shared.db import UtcDateTime

# Other names residents may use for somebody.
aliases = Table(
    "aliases",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("alias", String(200), primary_key=True),
)

# The chart as it was at every moment: rows are only added. One that was proposed holds from the moment
# oversight signed it (`since`); the first of each person holds from the day she began.
posts = Table(
    "posts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("unit", String(200)),
    Column("reports_to", Uuid, ForeignKey("people.id")),
    Column("organisation", String(80)),
    Column("proposed_by", Uuid, ForeignKey("people.id")),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("signed_by", Uuid, ForeignKey("people.id")),
    Column("since", UtcDateTime),
    Column("refused_at", UtcDateTime),
    Index("ix_posts_person", "person_id", "since"),
)

# What a case is about. `state`: open (found in the text, nobody outside the police has decided), held, lifted.
case_subjects = Table(
    "case_subjects",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(200), nullable=False),
    Column("source", String(20), nullable=False),
    Column("relation", String(20), nullable=False),
    Column("by_id", Uuid, ForeignKey("people.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("decided_by", Uuid, ForeignKey("people.id")),
    Column("decided_at", UtcDateTime),
    Index("uq_case_subjects", "case_id", "kind", "key", "relation", unique=True),
)

# To whom a case is closed: worked out from the rest and kept in the same transaction, for every query asks it.
exclusions = Table(
    "exclusions",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("reason", String(20), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_exclusions_person", "person_id", "case_id"),
)

# Somebody is let in again: oversight proposes it with a reason, a second one agrees. The words are sealed.
readmissions = Table(
    "readmissions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("proposed_by", Uuid, ForeignKey("people.id"), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("agreed_by", Uuid, ForeignKey("people.id")),
    Column("agreed_at", UtcDateTime),
    Index("uq_readmissions", "case_id", "person_id", unique=True),
)

__all__ = ["aliases", "case_subjects", "exclusions", "posts", "readmissions"]
