"""The event log behind a port: Kafka in production, a SQLite file for one machine."""

from shared.bus.port import (
    Bus,
    BusUnavailable,
    Lag,
    Message,
    Publisher,
    Record,
    Subscriber,
    Topic,
    TopicPartition,
)

__all__ = [
    "Bus",
    "BusUnavailable",
    "Lag",
    "Message",
    "Publisher",
    "Record",
    "Subscriber",
    "Topic",
    "TopicPartition",
]
