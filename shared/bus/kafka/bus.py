"""The Kafka cluster as a bus: topics, lag, single reads."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from kafka import KafkaAdminClient, KafkaConsumer
from kafka import TopicPartition as KafkaLane
from kafka.errors import BrokerResponseError, KafkaError

from shared.bus.kafka.cluster import Cluster, unavailable
from shared.bus.kafka.lag import lag
from shared.bus.kafka.publisher import KafkaPublisher
from shared.bus.kafka.records import to_record
from shared.bus.kafka.subscriber import KafkaSubscriber
from shared.bus.kafka.topics import create_topics, differences
from shared.bus.port import BusUnavailable, Lag, Record, Topic, TopicPartition

Answer = TypeVar("Answer")

READ_TIMEOUT_S = 10.0
ASK_PATIENCE_S = 5.0
ASK_PAUSE_S = 0.1
CLOSE_TIMEOUT_MS = 1_000


class KafkaBus:
    """See the port. Its own questions share two clients, made on first use; any thread may ask."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._admin: Any = None
        self._reader: Any = None

    def publisher(self) -> KafkaPublisher:
        """A new publisher, connected on first use."""
        return KafkaPublisher(self._cluster)

    def subscriber(self, group: str, topics: Sequence[str]) -> KafkaSubscriber:
        """A new member of the group."""
        return KafkaSubscriber(self._cluster, group, topics)

    def create_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create the missing ones; return their names."""
        return self._ask(lambda admin: create_topics(admin, self._cluster, topics))

    def check_topics(self, topics: Sequence[Topic]) -> list[str]:
        """What is missing or differs, one sentence each."""
        return self._ask(lambda admin: differences(admin, self._cluster, topics))

    def lag(self, group: str, topics: Sequence[str]) -> Lag:
        """Committed and end offsets for every lane of the topics."""
        return self._ask(lambda admin: lag(admin, self._cluster, group, topics))

    def read(self, lane: TopicPartition, start: int, end: int) -> list[Record]:
        """Records of one lane with start <= offset < end."""
        there = KafkaLane(self._cluster.named(lane.topic), lane.partition)
        with self._lock:
            try:
                return [to_record(self._cluster, raw) for raw in self._records(there, start, end)]
            except KafkaError as error:
                raise unavailable(error) from error

    def ping(self, timeout_s: float) -> None:
        """Raise BusUnavailable when no server answers in time."""
        limit = max(1, int(timeout_s * 1000))
        # A client of its own: one that is already trying to connect keeps trying without a deadline.
        self._cluster.build(KafkaAdminClient, bootstrap_timeout_ms=limit, request_timeout_ms=limit).close()

    def close(self) -> None:
        """Free both clients."""
        with self._lock:
            self._drop_admin()
            reader, self._reader = self._reader, None
        if reader is not None:
            reader.close(autocommit=False, timeout_ms=CLOSE_TIMEOUT_MS)

    def _ask(self, question: Callable[[Any], Answer]) -> Answer:
        deadline = time.monotonic() + ASK_PATIENCE_S
        with self._lock:
            if self._admin is None:
                self._admin = self._cluster.build(KafkaAdminClient)
            while True:
                try:
                    return question(self._admin)
                except KafkaError as error:
                    # The broker answers "not yet" while it elects leaders or makes its own topics.
                    not_yet = isinstance(error, BrokerResponseError) and error.retriable
                    if not not_yet or time.monotonic() > deadline:
                        self._drop_admin()
                        raise unavailable(error) from error
                    time.sleep(ASK_PAUSE_S)

    def _drop_admin(self) -> None:
        """The next question gets a new client, free of whatever went wrong in this one."""
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()

    def _connected_reader(self) -> Any:
        if self._reader is None:
            self._reader = self._cluster.build(
                KafkaConsumer, group_id=None, auto_offset_reset="earliest", enable_auto_commit=False,
                allow_auto_create_topics=False, metrics_enabled=False,
            )  # fmt: skip
        return self._reader

    def _records(self, lane: KafkaLane, start: int, end: int) -> list[Any]:
        reader = self._connected_reader()
        reader.assign([lane])
        ends: Mapping[KafkaLane, int] = reader.end_offsets([lane], timeout_ms=int(READ_TIMEOUT_S * 1000))
        stop = min(end, ends[lane])
        deadline = time.monotonic() + READ_TIMEOUT_S
        found: list[Any] = []
        reader.seek(lane, start)
        # Offsets may be missing in a compacted lane, so the position says when the end is reached.
        while (reader.position(lane, timeout_ms=1_000) or 0) < stop:
            for batch in reader.poll(timeout_ms=500).values():
                found.extend(raw for raw in batch if start <= raw.offset < stop)
                deadline = time.monotonic() + READ_TIMEOUT_S
            if time.monotonic() > deadline:
                raise BusUnavailable(f"Kafka stopped answering at {len(found)} records of {lane}")
        return found
