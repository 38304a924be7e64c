"""Runs Alembic for the package of a service, without a file of settings."""

from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

LOCK_WAIT_S = 300
LOCK_NUMBER = 0x434F4D4D  # "COMM": one lock per database, whoever migrates


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database stands: its revision, the newest one, and what lies between, oldest first."""

    current: str | None
    newest: str | None
    pending: tuple[str, ...]

    @property
    def up_to_date(self) -> bool:
        """Whether nothing is left to do."""
        return not self.pending


def upgrade(engine: Engine, package: str) -> Status:
    """Bring the database to the package's newest revision, all in one transaction; where it stands then.

    `package` is a service such as `services.intake`. Several processes may call it at once: one works,
    the others wait and find nothing to do.
    """
    with engine.begin() as conn:
        wait_for_turn(conn)
        command.upgrade(_config(conn, package), "head")
        return _status(conn, package)


def status(engine: Engine, package: str) -> Status:
    """Where the database stands, without changing it."""
    with engine.connect().execution_options(read_only=True) as conn:
        return _status(conn, package)


def draft(engine: Engine, package: str, message: str) -> Path:
    """Write a revision from the difference between the package's models and this up-to-date database."""
    with engine.begin() as conn:
        script = command.revision(_config(conn, package), message=message, autogenerate=True)
    assert not isinstance(script, list)
    assert script is not None
    return Path(script.path)


def wait_for_turn(conn: Connection) -> None:
    """Hold the lock of migrations until this transaction ends.

    SQLite's transactions begin by locking the file; PostgreSQL needs to be told.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'"))
        conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})


def _config(conn: Connection, package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    versions = Path(str(files(package))) / "migrations" / "versions"
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.attributes["connection"] = conn
    config.attributes["metadata"] = import_module(f"{package}.models").metadata
    return config


def _status(conn: Connection, package: str) -> Status:
    scripts = ScriptDirectory.from_config(_config(conn, package))
    current, newest = MigrationContext.configure(conn).get_current_revision(), scripts.get_current_head()
    left = []
    for script in scripts.walk_revisions():
        if script.revision == current:
            break
        left.append(script.revision)
    return Status(current=current, newest=newest, pending=tuple(reversed(left)))
