"""The one consumer loop: polls, hands batches over, commits offsets after them, and waits out outages."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from shared import metrics
from shared.bus.port import Bus, Record, Subscriber, TopicPartition
from shared.events import Undecodable, from_record
from shared.events.catalogue import topics_of
from shared.failures import Patience, in_words
from shared.inbox.handling import Handling, Streak
from shared.inbox.kinds import Handler, Kinds
from shared.inbox.parking import Garbage, record_of
from shared.inbox.sorting import Incoming
from shared.outbox.transaction import Outbox
from shared.pulse import Pulse

log = logging.getLogger(__name__)

BATCH = 500
POLL_S = 0.5
LOOK_FOR_PARKED_S = 1.0
LOOK_FOR_ORPHANS_S = 5.0


class Consumer:
    """One member of a service's consumer group.

    `handlers` maps short names (`feedback.received`) to functions of a transaction and a list of events:
    all seen for the first time, in order per subject. The topics follow from the names.
    """

    def __init__(
        self, bus: Bus, group: str, handlers: Mapping[str, Handler], outbox: Outbox, *, batch: int = BATCH
    ) -> None:
        self.group = group
        self.topics: Sequence[str] = topics_of(handlers)
        self._bus = bus
        self._outbox = outbox
        self._batch = batch
        self._kinds = Kinds(handlers)
        self._streak = Streak()
        self._handling = Handling(group, outbox, self._streak)
        self._subscriber: Subscriber | None = None
        self._looked_at = self._swept_at = float("-inf")
        self._next_due: datetime | None = None

    def run(self, pulse: Pulse) -> None:
        """Consume until asked to stop. Raises BadDeploy, BusStuck: then the process must end."""
        patience = Patience("consumer", pulse)
        try:
            while not pulse.stopping:
                pulse.beat()
                try:
                    self.step(POLL_S)
                    patience.rewarded()
                except Exception as error:  # noqa: BLE001 - raised again unless it is an outage
                    patience.wait_out(error)
        finally:
            self.close()

    def step(self, timeout_s: float = 0.0) -> int:
        """Try again what is due, then take one batch from the bus; how many events and records were touched."""
        retried = self._retry()
        if self._subscriber is None:
            self._subscriber = self._bus.subscriber(self.group, self.topics)
        wait = 0.0 if retried else min(timeout_s, self._until_due())
        records = self._subscriber.poll(self._batch, wait)
        if records:
            self._take(self._subscriber, records)
        return retried + len(records)

    def close(self) -> None:
        """Leave the group, so that others take over at once."""
        if self._subscriber is not None:
            self._subscriber.close()
            self._subscriber = None

    def _take(self, subscriber: Subscriber, records: Sequence[Record]) -> None:
        started = time.monotonic()
        incoming, garbage = self._decode(records)
        try:
            self._handling.take(incoming, garbage)
        except Exception:
            subscriber.rewind(_firsts(records))
            raise
        subscriber.commit({record.lane: record.offset + 1 for record in records})
        metrics.BATCH_SECONDS.observe(time.monotonic() - started)
        metrics.BATCH_RECORDS.observe(len(records))
        if self._handling.anything_parked:
            self._looked_at = float("-inf")

    def _decode(self, records: Sequence[Record]) -> tuple[list[Incoming], list[Garbage]]:
        incoming: list[Incoming] = []
        garbage: list[Garbage] = []
        for record in records:
            try:
                event = from_record(record)
            except Undecodable as error:
                log.error("A record is no event", extra={"lane": str(record.lane), "offset": record.offset})
                garbage.append(Garbage(record, in_words(error)))
            else:
                incoming.append(Incoming(record, event, self._kinds.of(event.type, record.topic)))
        return incoming, garbage

    def _retry(self) -> int:
        """Try parked events whose time has come; how many."""
        if not self._due():
            return 0
        parking, outbox = self._handling.parking, self._outbox
        with outbox.transaction() as tx:
            rows = parking.claim(tx.conn, tx.now)
        batch = [incoming for row in rows if (incoming := self._decode_parked(row))]
        if batch:
            self._handling.take(batch)
        self._looked_at = float("-inf")
        return len(batch)

    def _decode_parked(self, row: Row[Any]) -> Incoming | None:
        record = record_of(row)
        try:
            event = from_record(record)
        except Undecodable as error:
            with self._outbox.transaction() as tx:
                self._handling.parking.bury_parked(tx.conn, row.event_id, in_words(error), tx.now)
            return None
        kind = self._kinds.of(event.type, record.topic)
        return Incoming(record, event, kind, True, row.attempts, row.waits)

    def _due(self) -> bool:
        """Whether a parked event is due; asks the database once a second, and when one is expected."""
        now = self._outbox.clock.now()
        expected = self._next_due is not None and self._next_due <= now
        if not expected and time.monotonic() - self._looked_at < LOOK_FOR_PARKED_S:
            return False
        self._sweep()
        with self._outbox.engine.connect().execution_options(read_only=True) as conn:
            self._next_due = self._handling.parking.next_due(conn)
        self._looked_at = time.monotonic()
        self._handling.anything_parked = self._next_due is not None
        return self._next_due is not None and self._next_due <= now

    def _until_due(self) -> float:
        """Seconds until the next parked event is due, at most the pause between two looks."""
        if self._next_due is None:
            return LOOK_FOR_PARKED_S
        return max(0.0, (self._next_due - self._outbox.clock.now()).total_seconds())

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < LOOK_FOR_ORPHANS_S:
            return
        with self._outbox.engine.connect().execution_options(read_only=True) as conn:
            blocked = self._handling.parking.anything_blocked(conn)
        if blocked:
            with self._outbox.transaction() as tx:
                self._handling.parking.release_orphans(tx.conn, tx.now)
        self._swept_at = time.monotonic()


def _firsts(records: Sequence[Record]) -> dict[TopicPartition, int]:
    """Where each lane of the records begins."""
    firsts: dict[TopicPartition, int] = {}
    for record in records:
        firsts.setdefault(record.lane, record.offset)
    return firsts
