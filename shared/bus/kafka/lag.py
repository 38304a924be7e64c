"""How far a consumer group is behind, asked from Kafka."""

from collections.abc import Sequence
from typing import Any

from kafka import TopicPartition as KafkaLane
from kafka.admin import OffsetSpec

from shared.bus.kafka.cluster import Cluster
from shared.bus.kafka.topics import described
from shared.bus.port import BusUnavailable, Lag, TopicPartition


def lag(admin: Any, cluster: Cluster, group: str, topics: Sequence[str]) -> Lag:
    """The next offset the group would read and the end, for every lane."""
    lanes = _lanes(admin, cluster, topics)
    name = cluster.named(group)
    committed = {
        lane: stored.offset
        for lane, stored in admin.list_group_offsets({name: lanes})[name].items()
        if stored.offset >= 0
    }
    # Retention moves the beginning, past lanes nobody committed yet and past what was committed long ago.
    firsts = admin.list_partition_offsets(dict.fromkeys(lanes, OffsetSpec.EARLIEST))
    committed = {lane: max(found.offset, committed.get(lane, 0)) for lane, found in firsts.items()}
    ends = admin.list_partition_offsets(dict.fromkeys(lanes, OffsetSpec.LATEST))
    return Lag(
        committed={_ours(cluster, lane): offset for lane, offset in committed.items()},
        end={_ours(cluster, lane): found.offset for lane, found in ends.items()},
    )


def _lanes(admin: Any, cluster: Cluster, topics: Sequence[str]) -> list[KafkaLane]:
    names = [cluster.named(topic) for topic in topics]
    found = described(admin, names)
    missing = sorted(set(names) - found.keys())
    if missing:
        raise BusUnavailable(f"Kafka has no topic {', '.join(missing)}")
    return [KafkaLane(name, number) for name, count in found.items() for number in range(count)]


def _ours(cluster: Cluster, lane: KafkaLane) -> TopicPartition:
    return TopicPartition(cluster.ours(lane.topic), lane.partition)
