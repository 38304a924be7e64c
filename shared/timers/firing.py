"""Fires timers that are due, each once, in one transaction with the events they cause."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, tuple_, update

from shared import metrics
from shared.backoff import delay_s
from shared.db import is_outage
from shared.failures import Patience, in_words
from shared.outbox.transaction import Outbox, Transaction
from shared.pulse import Pulse
from shared.timers.tables import TIMERS, Timer

log = logging.getLogger(__name__)

Fire = Callable[[Transaction, Sequence[Timer]], None]

BATCH = 100
LOOK_EVERY_S = 0.25
KEEP_FIRED = timedelta(days=30)

_KEY = tuple_(TIMERS.c.item_id, TIMERS.c.kind, TIMERS.c.cycle)


class Timers:
    """Fires the timers of one service. `fire` maps kinds to functions of a transaction and the due timers.

    After a downtime each timer fires once, with `late_by`. A timer whose function fails is tried again,
    later and later, for ever; the others go on. Several workers may run.
    """

    def __init__(self, outbox: Outbox, fire: Mapping[str, Fire], *, batch: int = BATCH) -> None:
        self._outbox = outbox
        self._fire = fire
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
            return self._fire_due(self._batch)
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

    def _fire_due(self, most: int) -> int:
        with self._outbox.transaction() as tx:
            rows = tx.conn.execute(self._due(tx.now).limit(most).with_for_update(skip_locked=True)).all()
            self._fire_rows(tx, rows)
        self._count(rows, tx.now)
        return len(rows)

    def _fire_rows(self, tx: Transaction, rows: Sequence[Row[Any]]) -> None:
        by_kind: dict[str, list[Timer]] = {}
        for row in rows:
            late_by = tx.now - row.due_at
            by_kind.setdefault(row.kind, []).append(Timer(row.item_id, row.kind, row.cycle, row.due_at, late_by))
        if rows:
            fired = update(TIMERS).where(_KEY.in_([(row.item_id, row.kind, row.cycle) for row in rows]))
            tx.conn.execute(fired.values(fired_at=tx.now))
        for kind, timers in by_kind.items():
            self._fire[kind](tx, timers)

    def _fire_singly(self) -> int:
        """One of a batch failed: fire each alone, and give those that fail a later try."""
        now = self._outbox.clock.now()
        with self._outbox.engine.connect().execution_options(read_only=True) as conn:
            due = conn.execute(self._due(now).limit(self._batch)).all()
        for row in due:
            try:
                self._fire_one(row)
            except Exception as error:
                if is_outage(error):
                    raise
                self._postpone(row, error)
        return len(due)

    def _fire_one(self, row: Row[Any]) -> None:
        alone = (TIMERS.c.item_id == row.item_id, TIMERS.c.kind == row.kind, TIMERS.c.cycle == row.cycle)
        with self._outbox.transaction() as tx:
            query = self._due(tx.now).where(*alone).with_for_update(skip_locked=True)
            rows = tx.conn.execute(query).all()
            self._fire_rows(tx, rows)
        self._count(rows, tx.now)

    def _postpone(self, row: Row[Any], error: Exception) -> None:
        wait = timedelta(seconds=delay_s(row.attempts + 1, first_s=1.0, most_s=900.0, factor=4.0))
        reason = in_words(error)
        log.error("A timer failed", extra={"kind": row.kind, "item": str(row.item_id), "reason": reason})
        metrics.TIMERS_FAILED.labels(row.kind).inc()
        alone = (TIMERS.c.item_id == row.item_id, TIMERS.c.kind == row.kind, TIMERS.c.cycle == row.cycle)
        later = {"attempts": row.attempts + 1, "try_at": self._outbox.clock.now() + wait, "error": reason}
        with self._outbox.engine.begin() as conn:
            conn.execute(update(TIMERS).where(*alone, TIMERS.c.fired_at.is_(None)).values(later))

    def _count(self, rows: Sequence[Row[Any]], now: datetime) -> None:
        for row in rows:
            metrics.TIMERS_FIRED.labels(row.kind).inc()
            metrics.TIMERS_LATE.observe((now - row.due_at).total_seconds())


def prune_fired(conn: Connection, now: datetime) -> None:
    """Forget what fired a month ago."""
    conn.execute(delete(TIMERS).where(TIMERS.c.fired_at < now - KEEP_FIRED))
