"""Connections: one engine per process, safe pragmas, and which errors mean the database is away."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from shared.db.holding import limit_holding

CONNECT_TIMEOUT_S = 5
# A server that vanished without a word is noticed by the socket: keepalives ask while we listen, and what
# we sent and nobody acknowledged is given up (in ms) long before the kernel would, which takes 15 minutes.
SOCKET: dict[str, Any] = {
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
LOCK_WAIT_S = 15
ASK_AFTER_S = 1.0
RESTED_SINCE = "rested since"
# SQLSTATE classes of PostgreSQL (appendix A of its manual): connection exceptions, insufficient
# resources, operator intervention, system errors. 40 (rollback by deadlock or serialisation) is worth
# the same answer: nothing is wrong with the record, try again.
OUTAGE_CLASSES = ("08", "40", "53", "55", "57", "58")


def connect(url: str, *, pool_size: int = 5, held_at_most_s: float | None = None) -> Engine:
    """An engine for `postgresql+psycopg://…` or `sqlite:///…`, ready for threads or greenlets.

    With `held_at_most_s`, whoever holds a connection longer loses it (PostgreSQL only): for processes whose
    every use of the database is short, and that have somebody to answer when it freezes.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = _postgres(url, pool_size=pool_size, max_overflow=0, pool_timeout=LOCK_WAIT_S)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _ask_the_rested)
    if held_at_most_s is not None:
        limit_holding(engine, held_at_most_s)
    return engine


def unpooled(engine: Engine) -> Engine:
    """The same PostgreSQL database, with a new connection for each use: none of the pool's is taken."""
    return _postgres(engine.url, poolclass=NullPool)


def _postgres(url: str | URL, **pool: Any) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,  # errors end in logs, and parameters may be personal
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": "-c timezone=UTC -c lock_timeout=15s -c idle_in_transaction_session_timeout=60s",
            **SOCKET,
        },
        **pool,
    )


def _note_rest(_connection: Any, record: Any) -> None:
    record.info[RESTED_SINCE] = time.monotonic()


def _ask_the_rested(connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection whether it still lives, but only after a rest: under load the question costs a trip."""
    if time.monotonic() - record.info.get(RESTED_SINCE, float("inf")) < ASK_AFTER_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        # The pool takes the next one, and in the end makes a new one.
        raise DisconnectionError from error


def _sqlite(url: str) -> Engine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": LOCK_WAIT_S, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling begins late and deferred; ours begins at once, so that
    # two writers queue instead of failing half way.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_WAIT_S * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(conn: Any) -> None:
    read_only = conn.get_execution_options().get("read_only", False)
    conn.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def is_outage(error: BaseException) -> bool:
    """Whether the database is away or busy (wait and try again) rather than the statement wrong."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    original = error.orig
    if isinstance(original, psycopg.Error):
        state = original.sqlstate
        return (state is None and isinstance(error, OperationalError)) or bool(
            state and state[:2] in OUTAGE_CLASSES
        )
    return isinstance(error, OperationalError) and any(
        word in str(original) for word in ("locked", "busy", "disk I/O", "full", "unable to open")
    )


def database_is_full(error: BaseException) -> bool:
    """Whether the disk under the database has no room left."""
    original = getattr(error, "orig", None)
    return getattr(original, "sqlstate", None) == "53100" or "disk is full" in str(original)
