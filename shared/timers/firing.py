"""Fires timers that are due, each once, in one transaction with the events they cause."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, delete, select, tuple_, update

from shared import metrics
from shared.backoff import delay_s
from shared.db import is_outage
from shared.failures import Patience, in_words
from shared.outbox.transaction import Outbox, Transaction
from shared.pulse import Pulse
from shared.timers.tables import TIMERS, Timer

log = logging.getLogger(__name__)

Fire = Callable[[Transaction, Sequence[Timer]], None]
Lock = Callable[[Connection, Collection[UUID]], None]

BATCH = 100
LOOK_EVERY_S = 0.25
KEEP_FIRED = timedelta(days=30)

_KEY = (TIMERS.c.item_id, TIMERS.c.kind, TIMERS.c.cycle)


@runtime_checkable
class OnItems(Protocol):
    """A Fire about items that others lock before they call off or set a timer.

    `lock` locks the items of these ids, in the order of their ids, before their timers are touched. Kinds that
    are about the same items share one function.
    """

    lock: Lock


class Timers:
    """Fires the timers of one service. `fire` maps kinds to functions of a transaction and the due timers.

    After a downtime each timer fires once, with `late_by`. A timer whose function fails is tried again,
    later and later, for ever; the others go on. Several workers may run.
    """

    def __init__(self, outbox: Outbox, fire: Mapping[str, Fire], *, batch: int = BATCH) -> None:
        self._outbox = outbox
        self._fire = fire
        self._locks = _locks(fire)
        self._batch = batch

    def run(self, pulse: Pulse) -> None:
        """Fire until asked to stop."""
        patience = Patience("timers", pulse)
        while not pulse.stopping:
            try:
                fired = self.step()
                patience.rewarded()
                pulse.wait(0.0 if fired >= self._batch else LOOK_EVERY_S)
            except Exception as error:  # noqa: BLE001 - raised again unless it is an outage
                patience.wait_out(error)

    def step(self) -> int:
        """Fire what is due, at most one batch; how many timers were tried."""
        now = self._outbox.clock.now()
        with self._outbox.engine.connect().execution_options(read_only=True) as conn:
            if conn.execute(self._due(now).limit(1)).first() is None:
                return 0
        try:
            return self._fire_due()
        except Exception as error:
            if is_outage(error):
                raise
        return self._fire_singly()

    def _due(self, now: datetime) -> Any:
        known = TIMERS.c.kind.in_(sorted(self._fire))
        return (
            select(TIMERS)
            .where(TIMERS.c.fired_at.is_(None), TIMERS.c.try_at <= now, known)
            .order_by(TIMERS.c.try_at, TIMERS.c.item_id)
        )

    def _fire_due(self, *only: ColumnElement[bool]) -> int:
        with self._outbox.transaction() as tx:
            due = tx.conn.execute(self._due(tx.now).where(*only).limit(self._batch)).all()
            # Items before timers, as everybody does it: the other way round, two would wait for each other.
            self._lock_items(tx.conn, due)
            rows = self._claim(tx, due) if due else []
            self._fire_rows(tx, rows)
        self._count(rows, tx.now)
        return len(due)

    def _lock_items(self, conn: Connection, due: Sequence[Row[Any]]) -> None:
        wanted: dict[Lock, set[UUID]] = {}
        for row in due:
            if row.kind in self._locks:
                wanted.setdefault(self._locks[row.kind], set()).add(row.item_id)
        for lock, item_ids in wanted.items():
            lock(conn, item_ids)

    def _claim(self, tx: Transaction, due: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """Those that are still open, marked as fired: others may have been called off, or fired elsewhere."""
        keys = [(row.item_id, row.kind, row.cycle) for row in due]
        still_open = self._due(tx.now).where(tuple_(*_KEY).in_(keys)).with_only_columns(*_KEY)
        mine = update(TIMERS).where(tuple_(*_KEY).in_(still_open.with_for_update(skip_locked=True)))
        claimed = tx.conn.execute(mine.values(fired_at=tx.now).returning(TIMERS)).all()
        return sorted(claimed, key=lambda row: (row.try_at, row.item_id))

    def _fire_rows(self, tx: Transaction, rows: Sequence[Row[Any]]) -> None:
        by_kind: dict[str, list[Timer]] = {}
        for row in rows:
            late_by = tx.now - row.due_at
            by_kind.setdefault(row.kind, []).append(Timer(row.item_id, row.kind, row.cycle, row.due_at, late_by))
        for kind, timers in by_kind.items():
            self._fire[kind](tx, timers)

    def _fire_singly(self) -> int:
        """One of a batch failed: fire each alone, and give those that fail a later try."""
        now = self._outbox.clock.now()
        with self._outbox.engine.connect().execution_options(read_only=True) as conn:
            due = conn.execute(self._due(now).limit(self._batch)).all()
        for row in due:
            try:
                self._fire_due(*_alone(row))
            except Exception as error:
                if is_outage(error):
                    raise
                self._postpone(row, error)
        return len(due)

    def _postpone(self, row: Row[Any], error: Exception) -> None:
        wait = timedelta(seconds=delay_s(row.attempts + 1, first_s=1.0, most_s=900.0, factor=4.0))
        reason = in_words(error)
        log.error("A timer failed", extra={"kind": row.kind, "item": str(row.item_id), "reason": reason})
        metrics.TIMERS_FAILED.labels(row.kind).inc()
        later = {"attempts": row.attempts + 1, "try_at": self._outbox.clock.now() + wait, "error": reason}
        with self._outbox.engine.begin() as conn:
            conn.execute(update(TIMERS).where(*_alone(row), TIMERS.c.fired_at.is_(None)).values(later))

    def _count(self, rows: Sequence[Row[Any]], now: datetime) -> None:
        for row in rows:
            metrics.TIMERS_FIRED.labels(row.kind).inc()
            metrics.TIMERS_LATE.observe((now - row.due_at).total_seconds())


def _locks(fire: Mapping[str, object]) -> Mapping[str, Lock]:
    return {kind: each.lock for kind, each in fire.items() if isinstance(each, OnItems)}


def _alone(row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
    return TIMERS.c.item_id == row.item_id, TIMERS.c.kind == row.kind, TIMERS.c.cycle == row.cycle


def prune_fired(conn: Connection, now: datetime) -> None:
    """Forget what fired a month ago."""
    conn.execute(delete(TIMERS).where(TIMERS.c.fired_at < now - KEEP_FIRED))
