"""Published rule sets: the one in force, any by its version."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from services.routing.domain.rules import RuleSet, read
from services.routing.models import rule_sets


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
    text = conn.scalar(select(rule_sets.c.text).where(rule_sets.c.version == version))
    return None if text is None else parsed(text, version)


@lru_cache(maxsize=32)
def parsed(text: str, version: int) -> RuleSet:
    """A text that was published, read once per process."""
    return read(text, version).rules
