"""One member of a Kafka consumer group."""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer
from kafka import TopicPartition as KafkaLane
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import MemberState, OffsetAndMetadata

from shared.bus.kafka.cluster import Cluster, unavailable
from shared.bus.kafka.records import to_record
from shared.bus.kafka.watchdog import Watchdog
from shared.bus.port import Record, TopicPartition

log = logging.getLogger(__name__)

OPTIONS = {
    "auto_offset_reset": "earliest",
    "enable_auto_commit": False,
    "allow_auto_create_topics": False,
    "partition_assignment_strategy": (CooperativeStickyAssignor,),
    # What waits in memory unread: enough for many polls, little beside a worker.
    "fetch_max_bytes": 16 * 1024 * 1024,
    "session_timeout_ms": 10_000,
    "heartbeat_interval_ms": 1_000,
    "max_poll_interval_ms": 300_000,
    "metrics_enabled": False,
}
COMMIT_TIMEOUT_MS = 5_000
CLOSE_TIMEOUT_MS = 3_000
SETTLE_WITHIN_S = 3.0
MOVING = (CommitFailedError, IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError)


class KafkaSubscriber:
    """Reads bytes, commits only what it is told, and notices when it stands still."""

    def __init__(self, cluster: Cluster, group: str, topics: Sequence[str]) -> None:
        self._cluster = cluster
        self._moves = _Moves()
        self._consumer: Any = cluster.build(KafkaConsumer, group_id=cluster.named(group), **OPTIONS)
        names = [cluster.named(topic) for topic in topics]
        self._consumer.subscribe(topics=names, listener=self._moves)
        self._watchdog = Watchdog(self._consumer, names)
        self._left_over: dict[Any, int] = {}

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """Next records, at most max_records; see the port. While the group is rebuilt it may take 3 s."""
        self._commit_left_over()
        # The client throws the outcome of a rebalance away when it comes between two polls, and starts
        # another one: a member that polls in short steps would keep the whole group from settling.
        patience_s = timeout_s if self._settled() else max(timeout_s, SETTLE_WITHIN_S)
        try:
            batches = self._consumer.poll(timeout_ms=int(patience_s * 1000), max_records=max_records)
        except KafkaError as error:
            raise unavailable(error) from error
        self._moves.report()
        if not batches:
            self._watchdog.look()
            return []
        self._watchdog.progress()
        return [to_record(self._cluster, raw) for batch in batches.values() for raw in batch]

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Store the next offset to read, for the lanes still held; see the port."""
        # The broker checks the generation, not who holds a lane: a lane lost meanwhile must be left out here.
        held = self._consumer.assignment()
        wanted = self._still_left_over() | self._named(offsets)
        # Until it is known that they are stored, they are tried again at each poll: without a new record in a
        # lane nobody else would, and the group would seem to lag for ever.
        self._left_over = {lane: offset for lane, offset in wanted.items() if lane in held}
        stored = {lane: OffsetAndMetadata(offset, "", -1) for lane, offset in self._left_over.items()}
        try:
            self._consumer.commit(stored, timeout_ms=COMMIT_TIMEOUT_MS)
        except MOVING as error:
            # Nobody may commit now; what is still held afterwards is committed then.
            log.info("Offsets wait for the rebalance", extra={"reason": type(error).__name__})
        except KafkaError as error:
            raise unavailable(error) from error
        else:
            self._left_over = {}

    def assignment(self) -> frozenset[TopicPartition]:
        """The lanes held now."""
        held = self._consumer.assignment()
        return frozenset(TopicPartition(self._cluster.ours(lane.topic), lane.partition) for lane in held)

    def rewind(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Read the held ones of these lanes again."""
        for lane, offset in self._named(offsets).items():
            with suppress(ValueError, KeyError):  # not held, or taken away this moment by the IO thread
                self._consumer.seek(lane, offset)

    def close(self) -> None:
        """Leave the group."""
        try:
            self._consumer.close(autocommit=False, timeout_ms=CLOSE_TIMEOUT_MS)
        except Exception as error:  # noqa: BLE001 - the process is leaving; the session time-out does the rest
            log.warning("Left the group without saying so", extra={"reason": str(error)})

    def _settled(self) -> bool:
        return bool(self._consumer.group_metadata().state == MemberState.STABLE)

    def _commit_left_over(self) -> None:
        if self._left_over and self._settled():
            self.commit({})

    def _still_left_over(self) -> dict[Any, int]:
        """Without lanes that were away meanwhile, even if they are back: others have gone on in them."""
        gone = self._moves.take_gone()
        return {lane: offset for lane, offset in self._left_over.items() if lane not in gone}

    def _named(self, offsets: Mapping[TopicPartition, int]) -> dict[Any, int]:
        return {
            KafkaLane(self._cluster.named(lane.topic), lane.partition): offset for lane, offset in offsets.items()
        }


class _Moves(ConsumerRebalanceListener):  # type: ignore[misc]  # the client ships no types
    """Notes that lanes moved. It runs on the client's IO thread: waiting here would stop the heartbeats."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._moved = 0
        self._gone: set[Any] = set()

    def on_partitions_revoked(self, revoked: Any) -> None:
        """Lanes go to another member."""
        self._moved += len(revoked)
        self._gone |= set(revoked)

    def on_partitions_assigned(self, assigned: Any) -> None:
        """Lanes come to this member."""
        self._moved += len(assigned)

    def on_partitions_lost(self, lost: Any) -> None:
        """The group went on without this member."""
        self._moved += len(lost)
        self._gone |= set(lost)

    def take_gone(self) -> set[Any]:
        """The lanes that went away since the last time."""
        gone, self._gone = self._gone, set()
        return gone

    def report(self) -> None:
        """Log the moves since the last report, on the caller's thread."""
        if self._moved:
            moved, self._moved = self._moved, 0
            log.info("Lanes moved between group members", extra={"lanes": moved})
