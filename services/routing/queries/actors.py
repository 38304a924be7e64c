"""Finding out who acts: by id, or by the hash of a token; only people who are active."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from services.routing.domain.sight import Actor
from services.routing.models import people, queues, tokens

_COLUMNS = [
    people.c[name] for name in ("id", "login", "name", "role", "team", "organisation", "unit", "languages")
]  # fmt: skip


def actor_by_id(conn: Connection, person_id: UUID) -> Actor | None:
    """The person with her queues; None when she is gone."""
    return _actor(conn, people.c.id == person_id)


def actor_by_token(conn: Connection, token_hash: str, now: datetime) -> Actor | None:
    """Whose token it is; None when it is unknown, revoked or too old."""
    valid = select(tokens.c.person_id).where(
        tokens.c.hash == token_hash, tokens.c.revoked_at.is_(None), tokens.c.expires_at > now
    )
    return _actor(conn, people.c.id == valid.scalar_subquery())


def _actor(conn: Connection, condition: ColumnElement[bool]) -> Actor | None:
    wanted = (
        select(*_COLUMNS, queues.c.code)
        .join_from(people, queues, queues.c.owner_id == people.c.id, isouter=True)
        .where(people.c.active, condition)
    )
    rows = conn.execute(wanted).mappings().all()
    if not rows:
        return None
    who = {name: value for name, value in rows[0].items() if name not in ("code", "languages")}
    owned = frozenset(row["code"] for row in rows if row["code"] is not None)
    return Actor(**who, languages=tuple(rows[0]["languages"]), queues=owned)
