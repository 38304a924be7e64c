"""A Kafka broker from its own jars."""

from tests.servers.kafka.server import KafkaServer

__all__ = ["KafkaServer"]
