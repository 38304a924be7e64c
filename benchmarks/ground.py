"""The servers a measurement stands on: a real broker and a real PostgreSQL, both durable, and our processes."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.installation import Installation
from tests.installation.compose import ROOT
from tests.installation.staff import add_staff
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.servers.processes import ServerProcess, answers
from tests.servers.search import local_kafka

UNLIMITED = {"LIMIT_FEEDBACK": "100000000/hour", "LIMIT_TRACK": "100000000/hour"}


@dataclass(frozen=True)
class Ground:
    """Where everything runs."""

    directory: Path
    kafka: KafkaServer
    postgres: PostgresServer

    def installation(self, variables: Mapping[str, str] | None = None) -> Installation:
        """Production's processes, migrated, with topics and staff, none started. One per ground."""
        installed = Installation(
            self.directory,
            bus_url=self.kafka.url,
            postgres_url=self.postgres.url,
            variables=UNLIMITED | dict(variables or {}),
        )
        installed.prepare()
        add_staff(installed)
        return installed


@contextmanager
def ground() -> Iterator[Ground]:
    """Start both servers with fsync on; end them afterwards."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="commonground-bench-")))
        directory.chmod(0o755)
        (directory / "kafka").mkdir()
        kafka = local_kafka(directory / "kafka", fsync=True)
        postgres = PostgresServer(directory / "postgres", fsync=True, settings=["track_commit_timestamp=on"])
        for server in (kafka, postgres):
            stack.callback(server.stop)
            server.start()
        yield Ground(directory, kafka, postgres)


@contextmanager
def served(directory: Path, name: str, port: int, *arguments: str, **environment: str) -> Iterator[str]:
    """`python -m …` as a web server on the port; its address."""
    process = ServerProcess(
        [sys.executable, "-m", *arguments], directory / f"{name}.log", env={"PYTHONPATH": str(ROOT), **environment}
    )
    process.start(lambda: answers(port))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop()
