"""Sends what the outbox holds to the bus: every committed event at least once, one item's events in order."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select, text, update

from shared import metrics
from shared.bus.port import Bus, Message, Publisher
from shared.db import among, is_outage
from shared.events import to_message
from shared.failures import Patience
from shared.leases import Leases
from shared.outbox.backlog import OUTBOX, WAITING
from shared.outbox.bell import RelayBell
from shared.outbox.tables import SHARDS
from shared.outbox.transaction import Outbox
from shared.pulse import Pulse

log = logging.getLogger(__name__)

BATCH = 500
PUBLISH_TIMEOUT_S = 4.0
#: After a round the next rows may gather, the longer the more there were: at once when idle, at most GATHER_S.
GATHER_PER_ROW_S = 0.002
GATHER_S = 0.05
IDLE_S = 0.5
REFUSALS = 5

Waiting = Row[*tuple[Any, ...]]


class Relay:
    """One worker's relay. It sends for the shards it holds a lease on; others may send for the rest.

    A crash between send and mark sends again, which inboxes absorb. While the bus or the database is
    away the relay waits, for ever if need be.
    """

    def __init__(
        self, outbox: Outbox, bus: Bus, bell: RelayBell, *, leases: Leases | None = None, batch: int = BATCH
    ) -> None:
        self._engine = outbox.engine
        self._clock = outbox.clock
        self._bell = bell
        self._batch = batch
        self._publisher: Publisher = bus.publisher()
        self._leases = leases or Leases(outbox.engine, outbox.clock, "outbox", SHARDS)

    def run(self, pulse: Pulse) -> None:
        """Send until asked to stop, then give the shards back."""
        patience, since = Patience("relay", pulse), time.monotonic()
        try:
            while not pulse.stopping:
                started = time.monotonic()
                try:
                    rows = self.step()
                except Exception as error:  # noqa: BLE001 - raised again unless it is an outage
                    patience.wait_out(error)
                    continue
                patience.rewarded()
                self._rest(rows, started - since, pulse)
                since = started
        finally:
            self.close()

    def step(self) -> int:
        """One round: read the oldest unsent rows of our shards, send, mark; how many were read."""
        shards = self._leases.renew()
        metrics.RELAY_SHARDS.set(len(shards))
        rows = self._read(shards) if shards else []
        if not rows:
            return 0
        refused: dict[int, str] = {}
        flags = self._publish(rows, refused)
        self._mark([row for row, flag in zip(rows, flags, strict=True) if flag], refused)
        metrics.OUTBOX_UNCONFIRMED.inc(flags.count(False) - len(refused))
        return len(rows)

    def close(self) -> None:
        """Give the shards back and let go of the bus."""
        self._publisher.close()
        try:
            self._leases.release()
        except Exception as error:
            if not is_outage(error):
                raise
        self._bell.close()

    def _read(self, shards: Any) -> Sequence[Waiting]:
        # Always from the oldest unsent row on, never "after the last one seen": a transaction that
        # took its id early may commit late.
        wanted = (OUTBOX.c.id, OUTBOX.c.item_id, OUTBOX.c.shard, OUTBOX.c.topic, OUTBOX.c.attributes)
        query = select(*wanted, OUTBOX.c.body).where(WAITING).order_by(OUTBOX.c.id).limit(self._batch)
        if len(shards) < SHARDS:
            query = query.where(OUTBOX.c.shard.in_(sorted(shards)))
        with self._engine.connect().execution_options(read_only=True) as conn:
            rows: Sequence[Waiting] = conn.execute(query).all()
        return rows

    def _publish(self, rows: Sequence[Waiting], refused: dict[int, str]) -> list[bool]:
        """Whether each row is confirmed. Rows the bus will not take are found by halving, with the reason."""
        try:
            return self._publisher.publish([_message(row) for row in rows], PUBLISH_TIMEOUT_S)
        except (ValueError, TypeError) as error:
            if len(rows) == 1:
                refused[rows[0].id] = f"{type(error).__name__}: {error}"
                return [False]
        middle = len(rows) // 2
        first = self._publish(rows[:middle], refused)
        # An item with an open row waits with all that follows, or its events would change order.
        open_items = {row.item_id for row, flag in zip(rows, first, strict=False) if not flag}
        rest = [row for row in rows[middle:] if row.item_id not in open_items]
        second = dict(zip((row.id for row in rest), self._publish(rest, refused) if rest else [], strict=True))
        return first + [second.get(row.id, False) for row in rows[middle:]]

    def _mark(self, confirmed: Sequence[Waiting], refused: dict[int, str]) -> None:
        now = self._clock.now()
        with self._engine.begin() as conn:
            if conn.dialect.name == "postgresql":
                # A mark lost in a crash means a duplicate, which inboxes drop; it is not worth an fsync.
                conn.execute(text("SET LOCAL synchronous_commit TO off"))
            mine = self._leases.still_held(conn)
            ids = [row.id for row in confirmed if row.shard in mine]
            if ids:
                sent = update(OUTBOX).where(among(conn, OUTBOX.c.id, ids), OUTBOX.c.sent_at.is_(None))
                metrics.OUTBOX_SENT.inc(conn.execute(sent.values(sent_at=now)).rowcount)
            for row_id, reason in refused.items():
                self._refuse(conn, row_id, reason, now)

    def _refuse(self, conn: Connection, row_id: int, reason: str, now: datetime) -> None:
        """Count a refusal; after a few the row is dead and shows among the dead letters."""
        counted = update(OUTBOX).where(OUTBOX.c.id == row_id).values(attempts=OUTBOX.c.attempts + 1, error=reason)
        attempts = conn.execute(counted.returning(OUTBOX.c.attempts)).scalar_one()
        log.error("The bus refused an event", extra={"outbox_id": row_id, "attempts": attempts, "reason": reason})
        if attempts >= REFUSALS:
            conn.execute(update(OUTBOX).where(OUTBOX.c.id == row_id).values(dead_at=now))
            metrics.OUTBOX_DEAD.inc()

    def _rest(self, rows: int, came_within_s: float, pulse: Pulse) -> None:
        """At once when idle, gathering when busy, not at all while more than a batch waits.

        Many rows may only mean that the round before was slow: what counts is how fast they came.
        """
        pulse.beat()
        if not rows:
            self._bell.wait(IDLE_S)
        elif rows < self._batch:
            came_lately = rows * GATHER_S / max(came_within_s, GATHER_S)
            pulse.wait(min(GATHER_S, came_lately * GATHER_PER_ROW_S))


def _message(row: Waiting) -> Message:
    return to_message(row.topic, orjson.loads(row.attributes), row.body)
