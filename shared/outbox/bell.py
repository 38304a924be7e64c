"""Wakes the relay when rows were committed: NOTIFY and LISTEN on PostgreSQL, an event within one process."""

import logging
import threading
import time
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL, Engine

from shared.db.engine import SOCKET

log = logging.getLogger(__name__)

CHANNEL = "commonground_outbox"
QUIET_S = 0.01
ENDS_WITHIN_S = 1.0
RETRY_AFTER_S = 1.0
CONNECT_TIMEOUT_S = 2


class RelayBell(Protocol):
    """A bell with both ends. The relay also looks by itself, so a lost ring costs time, never an event."""

    def ring(self) -> None:
        """Tell the relay that rows wait; quick, and never raises."""

    def wait(self, timeout_s: float) -> bool:
        """Wait for a ring at most this long; whether it rang. Never raises."""

    def close(self) -> None:
        """Free the connections."""


def bell_for(engine: Engine) -> RelayBell:
    """The bell of a service's database."""
    return PostgresBell(engine.url) if engine.dialect.name == "postgresql" else LocalBell()


class LocalBell:
    """Wakes a relay in the same process only; with SQLite the relay polls often anyway."""

    #: How long an idle relay may wait before it looks by itself.
    longest_wait_s = 0.05

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """See RelayBell."""
        self._rung.set()

    def wait(self, timeout_s: float) -> bool:
        """See RelayBell."""
        rang = self._rung.wait(min(timeout_s, self.longest_wait_s))
        self._rung.clear()
        return rang

    def close(self) -> None:
        """Nothing to free."""


class PostgresBell:
    """NOTIFY on a connection of its own, outside the transaction that wrote the rows.

    Inside it, NOTIFY would make all commits of the database queue for one lock.
    """

    def __init__(self, url: URL) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._hiring = threading.Lock()
        self._ringer: _Ringer | None = None
        self._listener = _Line(self._conninfo, greeting=f"LISTEN {CHANNEL}")

    def ring(self) -> None:
        """See RelayBell. Another thread pulls the rope: whoever committed has somebody to answer."""
        if self._ringer is None:
            with self._hiring:
                self._ringer = self._ringer or _Ringer(_Line(self._conninfo))
        self._ringer.wanted.set()

    def wait(self, timeout_s: float) -> bool:
        """See RelayBell."""
        connection = self._listener.open()
        if connection is None:
            time.sleep(min(timeout_s, RETRY_AFTER_S))
            return False
        try:
            return any(True for _ in connection.notifies(timeout=timeout_s, stop_after=1))
        except (psycopg.Error, OSError) as error:
            self._listener.drop(error)
            return False

    def close(self) -> None:
        """See RelayBell. Ringing again opens it again."""
        with self._hiring:
            ringer, self._ringer = self._ringer, None
        if ringer is not None:
            ringer.end()
        self._listener.drop()


class _Ringer:
    """A thread that rings when it is wanted: at once after silence, then at most once per QUIET_S.

    A ring wanted in between follows when that time is over, so the last commit of a crowd is never forgotten.
    """

    def __init__(self, line: "_Line") -> None:
        self.wanted = threading.Event()
        self._line = line
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="outbox bell", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Let the thread finish; its connection is closed then."""
        self._ending = True
        self.wanted.set()
        self._thread.join(ENDS_WITHIN_S)

    def _run(self) -> None:
        while self.wanted.wait() and not self._ending:
            self.wanted.clear()
            self._line.execute(f"NOTIFY {CHANNEL}")
            time.sleep(QUIET_S)
        self._line.drop()


class _Line:
    """One autocommit connection that is opened when needed and given a second's rest after it broke."""

    def __init__(self, conninfo: str, greeting: str = "") -> None:
        self._conninfo = conninfo
        self._greeting = greeting
        self._connection: psycopg.Connection[Any] | None = None
        self._broken_at = float("-inf")

    def open(self) -> psycopg.Connection[Any] | None:
        """The connection, or None while the database is away."""
        if self._connection is None and time.monotonic() - self._broken_at > RETRY_AFTER_S:
            try:
                self._connection = psycopg.connect(
                    self._conninfo, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S, **SOCKET
                )
                if self._greeting:
                    self._connection.execute(self._greeting.encode())
            except (psycopg.Error, OSError) as error:
                self.drop(error)
        return self._connection

    def execute(self, statement: str) -> None:
        """Run it, or note that the database is away."""
        connection = self.open()
        try:
            if connection is not None:
                connection.execute(statement.encode())
        except (psycopg.Error, OSError) as error:
            self.drop(error)

    def drop(self, error: Exception | None = None) -> None:
        """Close; after an error, do not come back at once."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if error is not None:
            self._broken_at = time.monotonic()
            log.info("The outbox bell has no connection", extra={"reason": type(error).__name__})
