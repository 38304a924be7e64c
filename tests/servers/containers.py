"""The same servers as containers, where Docker answers."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import docker  # type: ignore[import-untyped]  # it ships no types
from docker.errors import DockerException  # type: ignore[import-untyped]
from testcontainers.core.container import DockerContainer

from tests.servers.kafka.jars import kafka_version
from tests.servers.processes import ServerFailed, answers, free_port

DOCKER_TIMEOUT_S = 2
START_TIMEOUT_S = 120.0
POSTGRES_IMAGE = "postgres:15"


@cache
def docker_answers() -> bool:
    """True when there is a Docker daemon; asked once."""
    try:
        client = docker.from_env(timeout=DOCKER_TIMEOUT_S)
        client.ping()
    except (DockerException, OSError):
        return False
    client.close()
    return True


@dataclass
class ContainerServer:
    """A container with one published port; `url` is what clients use."""

    image: str
    inner_port: int
    address: str
    environment: Callable[[int], Mapping[str, str]]
    command: str | None = None
    port: int = field(default_factory=free_port)
    _container: Any = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return self.address.format(port=self.port)

    def start(self) -> None:
        """Start and wait until the port answers."""
        container = DockerContainer(self.image).with_bind_ports(self.inner_port, self.port)
        for name, value in self.environment(self.port).items():
            container = container.with_env(name, value)
        self._container = (container.with_command(self.command) if self.command else container).start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not answers(self.port):
            if time.monotonic() > deadline:
                raise ServerFailed(f"{self.image} did not come up")
            time.sleep(0.2)

    def stop(self) -> None:
        """Remove the container."""
        if self._container is not None:
            self._container.stop()


def kafka_container() -> ContainerServer:
    """A broker of the version the jars have."""
    return ContainerServer(f"apache/kafka:{kafka_version()}", 9092, "kafka://127.0.0.1:{port}", _kafka_environment)


def postgres_container() -> ContainerServer:
    """A PostgreSQL without fsync, for tests of correctness."""
    address = "postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    command = "-c fsync=off -c synchronous_commit=off -c max_connections=200"
    return ContainerServer(POSTGRES_IMAGE, 5432, address, lambda _: {"POSTGRES_HOST_AUTH_METHOD": "trust"}, command)


def _kafka_environment(port: int) -> dict[str, str]:
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_LISTENERS": "PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }
