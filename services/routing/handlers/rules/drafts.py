"""Drafts of rule sets: saved however unfinished, proposed only when nothing speaks against them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from services.routing.domain.refusals import Impossible, Invalid
from services.routing.domain.roles import WRITE_RULES, need
from services.routing.domain.rules.reading import LONGEST
from services.routing.domain.sight import Actor
from services.routing.handlers.rules.examine import examine
from services.routing.models import people, rule_drafts
from services.routing.office import Office
from shared.db import insert_rows
from shared.ids import new_id
from shared.outbox import Transaction

DRAFT, PROPOSED, PUBLISHED, WITHDRAWN = "draft", "proposed", "published", "withdrawn"
OPEN = (DRAFT, PROPOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as it stands. `version` is what it became."""

    id: UUID
    text: str
    state: str
    sequence: int
    author_id: UUID
    author: str
    author_organisation: str | None
    valid_from: datetime | None
    version: int | None
    updated_at: datetime


_COLUMNS = [rule_drafts.c[name] for name in Draft.__slots__ if name != "author"]
_ALL = select(*_COLUMNS, people.c.name.label("author")).join(people, people.c.id == rule_drafts.c.author_id)


def drafts(conn: Connection) -> list[Draft]:
    """Those that are not published or withdrawn, the newest first."""
    wanted = _ALL.where(rule_drafts.c.state.in_(OPEN)).order_by(rule_drafts.c.updated_at.desc(), rule_drafts.c.id)
    return [Draft(**row) for row in conn.execute(wanted).mappings()]


def draft(conn: Connection, draft_id: UUID) -> Draft | None:
    """The draft; None when there is none."""
    row = conn.execute(_ALL.where(rule_drafts.c.id == draft_id)).mappings().one_or_none()
    return None if row is None else Draft(**row)


def save(tx: Transaction, author: Actor, text: str, draft_id: UUID | None = None, expected: int = 0) -> UUID:
    """Keep the text as a new draft, or as the next state of one; what was proposed is a draft again.

    Raises Invalid for a text that is too long, Impossible when somebody changed it meanwhile.
    """
    need(author.role, WRITE_RULES)
    if not text.strip() or len(text) > LONGEST:
        raise Invalid("/text", "wrong_length", f"Write the rules, in at most {LONGEST:,} characters.")
    written = {
        "text": text.replace("\r\n", "\n"),
        "state": DRAFT,
        "author_id": author.id,
        "author_organisation": author.organisation,
        "valid_from": None,
        "updated_at": tx.now,
    }
    if draft_id is not None:
        change(tx, draft_id, expected, OPEN, written)
        return draft_id
    made = new_id()
    insert_rows(tx.conn, rule_drafts, [{"id": made, "sequence": 1, "created_at": tx.now, **written}])
    return made


def propose(
    tx: Transaction,
    office: Office,
    author: Actor,
    draft_id: UUID,
    expected: int,
    *,
    valid_from: datetime | None = None,
) -> None:
    """Ask the other organisation. Raises Impossible while anything speaks against the draft."""
    need(author.role, WRITE_RULES)
    text = tx.conn.scalar(select(rule_drafts.c.text).where(rule_drafts.c.id == draft_id))
    refuse_problems(tx.conn, office, text or "")
    change(tx, draft_id, expected, (DRAFT,), {"state": PROPOSED, "valid_from": valid_from, "updated_at": tx.now})


def discard(tx: Transaction, author: Actor, draft_id: UUID, expected: int) -> None:
    """Let it go; it stays in the table and in no list."""
    need(author.role, WRITE_RULES)
    change(tx, draft_id, expected, OPEN, {"state": WITHDRAWN, "updated_at": tx.now})


def refuse_problems(conn: Connection, office: Office, text: str) -> None:
    """Raise Impossible, naming the first few, when something speaks against publishing the text."""
    problems = examine(conn, office, text).problems
    if problems:
        more = f" And {len(problems) - 3} more." if len(problems) > 3 else ""
        raise Impossible(" ".join(str(problem) for problem in problems[:3]) + more)


def change(tx: Transaction, draft_id: UUID, expected: int, states: tuple[str, ...], values: dict[str, Any]) -> None:
    """Change the draft as it was read. Raises Impossible when it is not so any more."""
    c = rule_drafts.c
    as_read = update(rule_drafts).where(c.id == draft_id, c.sequence == expected, c.state.in_(states))
    if tx.conn.execute(as_read.values(**values, sequence=expected + 1)).rowcount != 1:
        raise Impossible("Somebody changed this draft since you read it. Read it again first.")
