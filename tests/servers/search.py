"""Where a test finds a server: the environment, then Docker, then this machine's own programs."""

import os
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol

from tests.servers import postgres
from tests.servers.kafka import KafkaServer
from tests.servers.kafka.jars import missing_tools
from tests.servers.postgres import PostgresServer

Kind = Literal["kafka", "postgres"]
VARIABLES: dict[Kind, str] = {"kafka": "TEST_KAFKA_URL", "postgres": "TEST_POSTGRES_URL"}


class Unavailable(Exception):
    """This machine has no such server; the message says why, and becomes the reason of the skip."""


class Server(Protocol):
    """What all servers have in common."""

    @property
    def url(self) -> str:
        """Where clients connect."""

    def start(self) -> None:
        """Start and wait until it answers."""

    def stop(self) -> None:
        """End it."""


def given(kind: Kind) -> str | None:
    """The address somebody put into the environment."""
    return os.environ.get(VARIABLES[kind])


def found(kind: Kind, directory: Path) -> Server:
    """A server that can be started here; Unavailable when there is none."""
    # Loaded here only: the Docker client takes longer to import than most test files to run.
    containers = import_module("tests.servers.containers")
    if containers.docker_answers():
        server: Server = containers.kafka_container() if kind == "kafka" else containers.postgres_container()
        return server
    return local(kind, directory)


def local(kind: Kind, directory: Path) -> Server:
    """A server of this machine's own programs; Unavailable when they are missing."""
    return local_kafka(directory) if kind == "kafka" else local_postgres(directory)


def local_kafka(directory: Path, *, advertised_port: int | None = None, fsync: bool = False) -> KafkaServer:
    """A broker from its jars; Unavailable without Java or Maven."""
    missing = missing_tools()
    if missing:
        raise Unavailable(f"no TEST_KAFKA_URL, Docker does not answer, and no {' and no '.join(missing)} here")
    return KafkaServer(directory, advertised_port=advertised_port, fsync=fsync)


def local_postgres(directory: Path, *, fsync: bool = False) -> PostgresServer:
    """A server from this machine's PostgreSQL; Unavailable when it is not installed."""
    if postgres.binaries() is None:
        raise Unavailable("no TEST_POSTGRES_URL, Docker does not answer, and PostgreSQL is not installed here")
    return PostgresServer(directory, fsync=fsync)
