"""How much waits in the outbox, when that is too much, and how what was sent is cleared away."""

import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, MetaData, and_, delete, func, select

from shared.outbox.tables import add_outbox

OUTBOX = add_outbox(MetaData())
WAITING = and_(OUTBOX.c.sent_at.is_(None), OUTBOX.c.dead_at.is_(None))

ALERT_ROWS = 100_000
ALERT_AGE = timedelta(minutes=5)
FULL_ROWS = 1_000_000
FULL_DISK = 0.03
FULL_CACHE_S = 1.0
KEEP_SENT = timedelta(hours=1)
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows that wait to be sent and the age of the oldest."""

    rows: int
    oldest: timedelta

    @property
    def alarming(self) -> bool:
        """Whether somebody should look: the bus is away for long, or slower than the city."""
        return self.rows > ALERT_ROWS or self.oldest > ALERT_AGE


def backlog(conn: Connection, now: datetime) -> Backlog:
    """What waits; counting stops above the limit at which nothing more is accepted."""
    counted = select(OUTBOX.c.id).where(WAITING).limit(FULL_ROWS + 1).subquery()
    rows = conn.execute(select(func.count()).select_from(counted)).scalar_one()
    oldest = conn.execute(select(OUTBOX.c.created_at).where(WAITING).order_by(OUTBOX.c.id).limit(1)).scalar()
    return Backlog(rows=rows, oldest=max(now - oldest, timedelta()) if oldest else timedelta())


_answers: dict[str, tuple[float, bool]] = {}


def outbox_is_full(conn: Connection) -> bool:
    """Whether to refuse new work (503): over a million events wait, or under 3 % of a SQLite disk is free.

    The answer is kept for a second per database. A full disk under PostgreSQL shows at the write
    (`shared.db.database_is_full`), for a client cannot see it.
    """
    name = conn.engine.url.render_as_string()
    asked_at, full = _answers.get(name, (float("-inf"), False))
    if time.monotonic() - asked_at > FULL_CACHE_S:
        full = _disk_is_full(conn) or _has_rows(conn, FULL_ROWS)
        _answers[name] = time.monotonic(), full
    return full


def _has_rows(conn: Connection, limit: int) -> bool:
    """Whether more than `limit` rows wait. The ids' span, two index look-ups, answers it nearly always."""
    ids = select(OUTBOX.c.id).where(WAITING).limit(1)
    first = conn.execute(ids.order_by(OUTBOX.c.id)).scalar()
    last = conn.execute(ids.order_by(OUTBOX.c.id.desc())).scalar()
    if first is None or last is None or last - first < limit:
        return False
    counted = select(OUTBOX.c.id).where(WAITING).limit(limit + 1).subquery()
    return conn.execute(select(func.count()).select_from(counted)).scalar_one() > limit


def _disk_is_full(conn: Connection) -> bool:
    database = conn.engine.url.database
    if conn.dialect.name != "sqlite" or not database or database == ":memory:":
        return False
    usage = shutil.disk_usage(Path(database).parent)
    return usage.free < usage.total * FULL_DISK


def prune_sent(conn: Connection, now: datetime, after: int = 0, keep: timedelta = KEEP_SENT) -> int | None:
    """Delete what was sent before `now - keep` among the next 5,000 rows; where to go on, None at the end.

    The table is walked in id order, which is nearly the order of time, so that no index is needed for it.
    """
    page = select(OUTBOX.c.id, OUTBOX.c.created_at).where(OUTBOX.c.id > after).order_by(OUTBOX.c.id)
    last = conn.execute(page.offset(PAGE - 1).limit(1)).first()
    old = and_(OUTBOX.c.id > after, OUTBOX.c.sent_at < now - keep)
    conn.execute(delete(OUTBOX).where(old if last is None else and_(old, OUTBOX.c.id <= last.id)))
    return None if last is None or last.created_at >= now - keep else last.id
