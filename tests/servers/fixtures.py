"""pytest fixtures for servers, buses and databases; the real ones skip with the reason where they are missing."""

import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from kafka import KafkaAdminClient

from shared.bus import TOPICS, Bus, connect
from tests.servers.databases import PostgresDatabases, SqliteDatabases
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.servers.search import Unavailable, local_kafka, local_postgres
from tests.servers.sharing import run_id, shared_url

Found = TypeVar("Found")

BUSES = ("embedded", pytest.param("kafka", marks=pytest.mark.kafka))
DATABASES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def or_skip(find: Callable[[], Found]) -> Found:
    """What `find` finds; else skip with its reason (which fails in CI: `tests.promised`)."""
    try:
        return find()
    except Unavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def kafka_server_url() -> str:
    """The broker all tests of the run share; never kill or freeze this one."""
    return or_skip(lambda: shared_url("kafka"))


@pytest.fixture(scope="session")
def postgres_server_url() -> str:
    """The PostgreSQL server all tests of the run share; never kill or freeze this one."""
    return or_skip(lambda: shared_url("postgres"))


@pytest.fixture
def kafka_bus_url(kafka_server_url: str) -> Iterator[str]:
    """A bus address on the shared broker whose topics and groups nobody else uses."""
    prefix = f"t{uuid.uuid4().hex[:12]}."
    joint = "&" if "?" in kafka_server_url else "?"
    yield f"{kafka_server_url}{joint}topic_prefix={prefix}"
    remove_topics(kafka_server_url, prefix)


@pytest.fixture
def embedded_bus_url(tmp_path: Path) -> str:
    """A bus file of the test's own."""
    return f"sqlite:///{tmp_path / 'bus.sqlite3'}"


@pytest.fixture(params=BUSES)
def bus_url(request: pytest.FixtureRequest) -> str:
    """A fresh bus without topics, once embedded and once on Kafka."""
    url: str = request.getfixturevalue(f"{request.param}_bus_url")
    return url


@pytest.fixture
def bus(bus_url: str) -> Iterator[Bus]:
    """A fresh bus with the topics of Common Ground."""
    opened = connect(bus_url)
    opened.create_topics(TOPICS)
    yield opened
    opened.close()


@pytest.fixture
def postgres_databases(postgres_server_url: str) -> Iterator[PostgresDatabases]:
    """Fresh databases on the shared server."""
    made = PostgresDatabases(postgres_server_url, f"cg{run_id().replace('-', 'x')}_{uuid.uuid4().hex[:8]}")
    yield made
    made.drop_all()


@pytest.fixture
def postgres_database(postgres_databases: PostgresDatabases) -> Callable[[], str]:
    """Call it for the address of a fresh, empty PostgreSQL database."""
    return postgres_databases.fresh


@pytest.fixture
def sqlite_databases(tmp_path: Path, sqlite_templates: Path) -> SqliteDatabases:
    """Fresh SQLite files."""
    return SqliteDatabases(tmp_path, sqlite_templates)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where prepared SQLite files wait to be copied."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(params=DATABASES)
def databases(request: pytest.FixtureRequest) -> PostgresDatabases | SqliteDatabases:
    """Fresh databases, once SQLite and once PostgreSQL: `.fresh()`, `.prepared(key, migrate)` → address."""
    made: PostgresDatabases | SqliteDatabases = request.getfixturevalue(f"{request.param}_databases")
    return made


@pytest.fixture
def database_url(databases: PostgresDatabases | SqliteDatabases) -> str:
    """A fresh, empty database, once SQLite and once PostgreSQL."""
    return databases.fresh()


@pytest.fixture
def private_kafka(tmp_path: Path) -> Iterator[KafkaServer]:
    """A running broker for one test that kills or freezes it."""
    server = or_skip(lambda: local_kafka(tmp_path / "kafka"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def private_postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL, as durable as in production, for one test that kills or freezes it."""
    with tempfile.TemporaryDirectory(prefix="commonground-postgres-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # the user it runs as must get in, which pytest's own folders refuse
        server = or_skip(lambda: local_postgres(directory / "server", fsync=True))
        server.start()
        yield server
        server.stop()


def remove_topics(server_url: str, prefix: str) -> None:
    """Delete the topics of one test, so that a long run does not collect thousands of lanes."""
    servers = server_url.removeprefix("kafka://").partition("?")[0].split(",")
    admin = KafkaAdminClient(bootstrap_servers=servers)
    names = [name for name in admin.list_topics() if name.startswith(prefix)]
    if names:
        admin.delete_topics(names)
    admin.close()
