"""Publishes batches to Kafka and tells honestly what was confirmed."""

import logging
import time
from collections.abc import Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from shared.bus.kafka.cluster import Cluster, unavailable
from shared.bus.partitioning import partition_of
from shared.bus.port import BusStuck, BusUnavailable, Message, refuse_oversized

log = logging.getLogger(__name__)

OPTIONS = {
    # The idempotent producer never delivers again once a batch that was sent expires (seen with a frozen
    # broker), so plain retries with one request in flight: same order, and inboxes drop the duplicates.
    "enable_idempotence": False,
    "acks": "all",
    "max_in_flight_requests_per_connection": 1,
    "request_timeout_ms": 5_000,
    "delivery_timeout_ms": 10_000,
    # One request carries what a publish hands over, instead of one round trip per 16 KB of a lane.
    "batch_size": 256 * 1024,
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
}
STALLED_AFTER_S = 60.0
MAX_REBUILDS = 5
CLOSE_TIMEOUT_S = 3.0


class KafkaPublisher:
    """One producer, made on first use and replaced when it delivers nothing for a minute."""

    def __init__(self, cluster: Cluster, stalled_after_s: float = STALLED_AFTER_S) -> None:
        self._cluster = cluster
        self._stalled_after_s = stalled_after_s
        self._producer: Any = None
        self._open: list[Any] = []
        self._stalled_since: float | None = None
        self._rebuilds = 0

    def publish(self, messages: Sequence[Message], timeout_s: float) -> list[bool]:
        """Send all and wait for every acknowledgement; see the port."""
        if not messages:
            return []
        refuse_oversized(messages)
        deadline = time.monotonic() + timeout_s
        try:
            self._await_leftovers(deadline)
            futures = self._send(messages, deadline)
        except BusUnavailable:
            self._judge(delivered=False)
            raise
        confirmed = _confirmed_prefix(messages, _await(futures, deadline))
        self._open = [future for future in futures if not future.is_done]
        self._judge(delivered=any(future.succeeded() for future in futures))
        return confirmed

    def close(self) -> None:
        """Let go of the producer."""
        producer, self._producer, self._open = self._producer, None, []
        if producer is not None:
            _close(producer)

    def _await_leftovers(self, deadline: float) -> None:
        """Nothing new behind a batch whose fate is open: retries of it would pile up in the client's memory."""
        if not all(_await(self._open, deadline)) and any(not future.is_done for future in self._open):
            raise BusUnavailable("Kafka has not answered for the batch before")
        self._open = []

    def _send(self, messages: Sequence[Message], deadline: float) -> list[Any]:
        producer = self._connected()
        named = self._cluster.named
        # The one thing send() waits for is a topic's metadata; our deadline is its limit.
        producer.config["max_block_ms"] = max(1, int((deadline - time.monotonic()) * 1000))
        futures: list[Any] = []
        try:
            lanes = {t: len(producer.partitions_for(named(t))) for t in {m.topic for m in messages}}
            futures.extend(
                # Our own partitioner gives the client's answers, remembered and in half the time.
                producer.send(named(m.topic), m.value, m.key, list(m.headers), partition_of(m.key, lanes[m.topic]))
                for m in messages
            )
        except KafkaError as error:
            if not futures:
                raise unavailable(error) from error
            log.warning("Kafka stopped taking records in mid batch", extra={"reason": str(error)})
        return futures

    def _connected(self) -> Any:
        if self._producer is None:
            self._producer = self._cluster.build(KafkaProducer, **OPTIONS)
        return self._producer

    def _judge(self, *, delivered: bool) -> None:
        """Count how long nothing was delivered; replace the producer, and at last give up on the process."""
        now = time.monotonic()
        if delivered:
            self._stalled_since, self._rebuilds = None, 0
        elif self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > self._stalled_after_s:
            self._rebuild()

    def _rebuild(self) -> None:
        self.close()
        self._stalled_since = None
        self._rebuilds += 1
        log.warning("Kafka producer delivered nothing and is replaced", extra={"rebuilds": self._rebuilds})
        if self._rebuilds > MAX_REBUILDS:
            raise BusStuck(f"{self._rebuilds} Kafka producers in a row delivered nothing")


def _await(futures: Sequence[Any], deadline: float) -> list[bool]:
    """Wait for all against one deadline; True where delivered."""
    for future in futures:
        if not future.is_done:
            try:
                future.get(timeout=max(0.0, deadline - time.monotonic()))
            except KafkaError:
                continue
    return [future.succeeded() for future in futures]


def _confirmed_prefix(messages: Sequence[Message], delivered: Sequence[bool]) -> list[bool]:
    """Per key, nothing after the first open message counts as confirmed; messages never sent are open too."""
    if len(delivered) == len(messages) and all(delivered):
        return [True] * len(messages)
    flags = [*delivered, *([False] * (len(messages) - len(delivered)))]
    broken: set[tuple[str, bytes]] = set()
    for index, message in enumerate(messages):
        lane_key = (message.topic, message.key)
        if not flags[index]:
            broken.add(lane_key)
        flags[index] = lane_key not in broken
    return flags


def _close(producer: Any) -> None:
    """Close, although the client's own flush may raise and leave its thread running."""
    try:
        producer.close(timeout=CLOSE_TIMEOUT_S)
    except Exception:  # noqa: BLE001 - whatever it is, the thread must end
        producer._sender.force_close()  # no public way ends a sender that cannot flush
