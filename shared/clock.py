"""The one clock port: deadlines and stored times come from here, in UTC."""

import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.exc import TimeoutError  # noqa: A004 - the one that counts as an absent database

from shared.db.engine import is_outage, unpooled
from shared.db.holding import limit_holding

REMEASURE_AFTER_S = 30.0
#: While the database does not answer, what was measured before is good enough.
RETRY_AFTER_S = 10.0
#: A database that is frozen must not hold up those who have nothing to go by yet.
ANSWER_WITHIN_S = 10.0


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

    The difference to the local clock is measured at most every 30 s, by whoever comes first then: a round
    trip on each request would cost more than the drift in between.
    """

    engine: Engine
    _apart: Engine = field(init=False)
    _offset: timedelta | None = field(default=None, init=False)
    _measure_at: float = field(default=float("-inf"), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _measuring: Future[timedelta] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._apart = unpooled(self.engine)
        limit_holding(self._apart, ANSWER_WITHIN_S)

    def now(self) -> datetime:
        """This moment, by the database. Nobody waits for it but those who come before the first measurement."""
        offset = self._offset
        if offset is None or time.monotonic() > self._measure_at:
            offset = self._measured()
        return datetime.now(UTC) + offset

    def _measured(self) -> timedelta:
        with self._lock:
            known, others = self._offset, self._measuring
            mine: Future[timedelta] = Future()
            if others is None:
                self._measuring = mine
        if others is not None:
            return known if known is not None else _outcome_of(others)
        try:
            self._measure(mine, known)
        finally:
            self._measuring = None
            if not mine.done():
                mine.set_exception(TimeoutError("the measurement of the clock was interrupted"))
        return mine.result()

    def _measure(self, outcome: Future[timedelta], known: timedelta | None) -> None:
        try:
            offset, good_for_s = self._ask(), REMEASURE_AFTER_S
        except Exception as error:  # noqa: BLE001 - raised again in all who need the outcome
            if known is None or not is_outage(error):
                outcome.set_exception(error)
                return
            offset, good_for_s = known, RETRY_AFTER_S
        self._offset, self._measure_at = offset, time.monotonic() + good_for_s
        outcome.set_result(offset)

    def _ask(self) -> timedelta:
        # Not on a connection of the pool: whoever asks may hold one, and when all do, all would wait for ever.
        with self._apart.connect() as conn:
            before = datetime.now(UTC)
            theirs: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
            after = datetime.now(UTC)
        return theirs.astimezone(UTC) - (before + (after - before) / 2)


def _outcome_of(measurement: Future[timedelta]) -> timedelta:
    try:
        return measurement.result(ANSWER_WITHIN_S)
    except FutureTimeout:
        raise TimeoutError("nobody could read the database's clock yet") from None


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
