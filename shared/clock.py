"""The one clock port: deadlines and stored times come from here, in UTC."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text

REMEASURE_AFTER_S = 30.0


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime:
        """This moment."""


class SystemClock:
    """The machine's own clock; used with SQLite, where database and process are one machine."""

    def now(self) -> datetime:
        """This moment, by the operating system."""
        return datetime.now(UTC)


@dataclass
class DatabaseClock:
    """PostgreSQL's clock, so that every process agrees on deadlines.

    The difference to the local clock is measured at most every 30 s: a round trip on each
    request would cost more than the drift in between.
    """

    engine: Engine
    _offset: timedelta = field(default=timedelta(), init=False)
    _measured_at: float = field(default=float("-inf"), init=False)

    def now(self) -> datetime:
        """This moment, by the database."""
        if time.monotonic() - self._measured_at > REMEASURE_AFTER_S:
            self._measure()
        return datetime.now(UTC) + self._offset

    def _measure(self) -> None:
        with self.engine.connect() as conn:
            before = datetime.now(UTC)
            theirs: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
            after = datetime.now(UTC)
        self._offset = theirs.astimezone(UTC) - (before + (after - before) / 2)
        self._measured_at = time.monotonic()


@dataclass(frozen=True)
class FileClock:
    """A clock several processes share in tests: the file holds seconds to add to the real time."""

    path: Path

    def now(self) -> datetime:
        """The real moment plus the offset in the file; an absent file adds nothing."""
        try:
            offset = float(self.path.read_text())
        except FileNotFoundError:
            offset = 0.0
        return datetime.now(UTC) + timedelta(seconds=offset)


def clock_for(engine: Engine, clock_file: Path | None) -> Clock:
    """The clock a process uses: the test's file, the database's, or the machine's."""
    if clock_file is not None:
        return FileClock(clock_file)
    return DatabaseClock(engine) if engine.dialect.name == "postgresql" else SystemClock()
