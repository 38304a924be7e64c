"""Published rule sets: the one in force, any by its version."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from services.routing.domain.rules import RuleSet, read
from services.routing.models import people, rule_sets


def rules_in_force(conn: Connection, at: datetime) -> RuleSet | None:
    """The last published whose moment has come; None before any: then the built-in ones hold."""
    wanted = (
        select(rule_sets.c.version, rule_sets.c.text)
        .where(rule_sets.c.valid_from <= at)
        .order_by(rule_sets.c.valid_from.desc(), rule_sets.c.version.desc())
        .limit(1)
    )
    row = conn.execute(wanted).one_or_none()
    return None if row is None else parsed(row.text, row.version)


def rules_by_version(conn: Connection, version: int) -> RuleSet | None:
    """A published version; None when there is none, and for 0, which no table holds."""
    text = version_text(conn, version)
    return None if text is None else parsed(text, version)


def version_text(conn: Connection, version: int) -> str | None:
    """The text of a published version; None when there is none."""
    return conn.scalar(select(rule_sets.c.text).where(rule_sets.c.version == version))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A published version, without its text."""

    version: int
    name: str
    valid_from: datetime
    author: str
    author_organisation: str | None
    approver: str
    approver_organisation: str


def versions(conn: Connection) -> list[Version]:
    """All of them, the newest first."""
    author, approver, c = people.alias("author"), people.alias("approver"), rule_sets.c
    wanted = (
        select(
            c.version, c.name, c.valid_from, c.author_organisation, c.approver_organisation,
            author.c.name.label("author"), approver.c.name.label("approver"),
        )
        .join(author, author.c.id == c.author_id)
        .join(approver, approver.c.id == c.approved_by)
        .order_by(c.version.desc())
    )  # fmt: skip
    return [Version(**row) for row in conn.execute(wanted).mappings()]


@lru_cache(maxsize=32)
def parsed(text: str, version: int) -> RuleSet:
    """A text that was published, read once per process."""
    return read(text, version).rules
