"""Sessions of browsers. The cookie holds a secret, the database its hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select, update

from services.routing.domain.sight import Actor
from services.routing.models import sessions
from services.routing.office import Office
from services.routing.queries.actors import actor_by_id
from services.routing.service import Routing
from shared.db import insert_rows
from shared.ids import new_id

PURPOSE = "staff session"
LIVES = timedelta(hours=12)
IDLE = timedelta(hours=2)
#: How precisely idleness is known; a write for each page would cost more than it tells.
NOTICED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser, as its owner sees it."""

    id: UUID
    browser: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def start_session(conn: Connection, office: Office, person_id: UUID, now: datetime, browser: str) -> str:
    """A new session; its secret, which nothing but the cookie may hold."""
    secret = secrets.token_urlsafe(32)
    row = {
        "secret_hash": office.hashes.digest(PURPOSE, secret),
        "id": new_id(),
        "person_id": person_id,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + LIVES,
        "browser": browser[:80],
    }
    insert_rows(conn, sessions, [row])
    return secret


def resume(routing: Routing, secret: str) -> tuple[Actor, UUID] | None:
    """Whose session it is, and its id; None when it has ended, is too old or too long idle."""
    if not secret:
        return None
    now = routing.clock.now()
    with routing.engine.connect().execution_options(read_only=True) as conn:
        named = sessions.c.secret_hash == routing.office.hashes.digest(PURPOSE, secret)
        row = conn.execute(select(sessions).where(named, _alive(now))).one_or_none()
        actor = actor_by_id(conn, row.person_id) if row else None
    if row is None or actor is None:
        return None
    if now - row.seen_at >= NOTICED_EVERY:
        with routing.engine.begin() as conn:
            conn.execute(update(sessions).where(sessions.c.id == row.id).values(seen_at=now))
    return actor, row.id


def open_sessions(conn: Connection, person_id: UUID, now: datetime) -> list[OpenSession]:
    """The person's sessions that are alive, the latest used first."""
    columns = [sessions.c[name] for name in OpenSession.__slots__]
    wanted = select(*columns).where(sessions.c.person_id == person_id, _alive(now))
    return [OpenSession(*row) for row in conn.execute(wanted.order_by(sessions.c.seen_at.desc()))]


def end_session(conn: Connection, person_id: UUID, session_id: UUID, now: datetime) -> bool:
    """End one of the person's own sessions; whether there was one."""
    mine = and_(sessions.c.id == session_id, sessions.c.person_id == person_id, sessions.c.ended_at.is_(None))
    return conn.execute(update(sessions).where(mine).values(ended_at=now)).rowcount > 0


def end_all_sessions(conn: Connection, person_id: UUID, now: datetime, keep: UUID | None = None) -> int:
    """End the person's sessions, but one if it is named; how many."""
    mine = and_(sessions.c.person_id == person_id, sessions.c.ended_at.is_(None))
    if keep is not None:
        mine = and_(mine, sessions.c.id != keep)
    return conn.execute(update(sessions).where(mine).values(ended_at=now)).rowcount


def _alive(now: datetime) -> ColumnElement[bool]:
    return and_(
        sessions.c.ended_at.is_(None), sessions.c.expires_at > now, sessions.c.seen_at > now - IDLE
    )  # fmt: skip
