"""The event log behind a port: Kafka in production, a SQLite file for one machine."""

from shared.bus.address import connect
from shared.bus.port import (
    MAX_MESSAGE_BYTES,
    Bus,
    BusStuck,
    BusUnavailable,
    Lag,
    Message,
    MessageTooLarge,
    Publisher,
    Record,
    Subscriber,
    Topic,
    TopicPartition,
)
from shared.bus.topics import TOPICS

__all__ = [
    "MAX_MESSAGE_BYTES",
    "TOPICS",
    "Bus",
    "BusStuck",
    "BusUnavailable",
    "Lag",
    "Message",
    "MessageTooLarge",
    "Publisher",
    "Record",
    "Subscriber",
    "Topic",
    "TopicPartition",
    "connect",
]
