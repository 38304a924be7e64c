"""Turns the client's records into the port's."""

from typing import Any

from shared.bus.kafka.cluster import Cluster
from shared.bus.port import Record


def to_record(cluster: Cluster, raw: Any) -> Record:
    """One ConsumerRecord as the port knows it."""
    return Record(
        topic=cluster.ours(raw.topic),
        partition=raw.partition,
        offset=raw.offset,
        key=raw.key,
        value=raw.value,
        headers=tuple(raw.headers),
        timestamp_ms=raw.timestamp,
    )
