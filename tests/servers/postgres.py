"""One PostgreSQL server on a free loopback port, with everything a test may do to it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.processes import ServerProcess, free_port

INSTALLATIONS = Path("/usr/lib/postgresql")
#: For tests of correctness only: a crash of the machine would lose the data, a crash of the server does not.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def binaries() -> Path | None:
    """Where initdb and postgres are: the newest of /usr/lib/postgresql, else on the path."""
    versions = [path for path in INSTALLATIONS.glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """Start, stop, kill, freeze, thaw, start again: same data, same port. Usable without pytest.

    With `fsync` it is as durable as in production: crash tests and benchmarks need that.
    """

    def __init__(self, directory: Path, *, fsync: bool = False, settings: Sequence[str] = ()) -> None:
        self.directory = directory
        self.port = free_port()
        self._settings = [*(() if fsync else FAST), *settings]
        # initdb and postgres refuse root.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._process: ServerProcess | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy address of the maintenance database."""
        return self.database_url("postgres")

    def database_url(self, name: str) -> str:
        """SQLAlchemy address of one database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start and wait until it answers; the first time also makes the data directory."""
        if self._process is None:
            self._process = self._prepare()
        self._process.start(self._ready)

    def stop(self) -> None:
        """End it in order, at once for its clients."""
        if self._process is not None:
            self._process.stop(signal.SIGINT)

    def kill(self) -> None:
        """kill -9 of the server and every backend."""
        self._started().kill()

    def freeze(self) -> None:
        """Stop it in its tracks, connections open."""
        self._started().freeze()

    def thaw(self) -> None:
        """Let it go on."""
        self._started().thaw()

    def _started(self) -> ServerProcess:
        assert self._process is not None, "not started"
        return self._process

    def _prepare(self) -> ServerProcess:
        programs = binaries()
        assert programs is not None, "PostgreSQL is not installed"
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(self.directory, self._user, self._user)
        data = self.directory / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-N"],
            user=self._user, group=self._user, extra_groups=[] if self._user else None,
            cwd=self.directory, capture_output=True, check=True,
        )  # fmt: skip
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.directory}",
                    "max_connections=200", *self._settings]  # fmt: skip
        options = [part for setting in settings for part in ("-c", setting)]
        command = [str(programs / "postgres"), "-D", str(data), *options]
        return ServerProcess(command, self.directory / "server.out", user=self._user)

    def _ready(self) -> bool:
        try:
            psycopg.connect(plain(self.url), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def plain(url: str) -> str:
    """A SQLAlchemy address as libpq takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def create_database(server_url: str, name: str, template: str | None = None) -> None:
    """CREATE DATABASE, a copy of the template when one is named (nobody may be connected to it)."""
    origin = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    _maintain(server_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + origin)


def drop_database(server_url: str, name: str) -> None:
    """DROP DATABASE, whoever is connected."""
    _maintain(server_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _maintain(server_url: str, statement: sql.Composed) -> None:
    with psycopg.connect(plain(server_url), autocommit=True) as connection:
        connection.execute(statement)
