"""Kafka behind the bus port: the only place that knows the Kafka client and its traps."""

import logging

from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.cluster import Cluster

__all__ = ["KafkaBus", "connect"]

# At DEBUG the client prints keys and values.
logging.getLogger("kafka").setLevel(logging.WARNING)
# These tell of every attempt to connect, several times a second; an outage reaches us as BusUnavailable.
for chatty in ("kafka.cluster", "kafka.net.connection", "kafka.net.manager"):
    logging.getLogger(chatty).setLevel(logging.CRITICAL)


def connect(url: str) -> KafkaBus:
    """The bus at a kafka:// address; ValueError when the address is malformed."""
    return KafkaBus(Cluster.parse(url))
