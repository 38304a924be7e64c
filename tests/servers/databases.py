"""Fresh databases for tests, prepared once per run and copied from then on."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.postgres import create_database, drop_database, plain

#: Brings an empty database at this address to the state every copy shall start from. It must leave no
#: connection open.
Preparation = Callable[[str], None]


class PostgresDatabases:
    """Databases on one server, dropped when the test ends."""

    def __init__(self, server_url: str, prefix: str) -> None:
        self._server_url = server_url
        self._prefix = prefix
        self._made: list[str] = []

    def fresh(self, template: str | None = None) -> str:
        """The address of a new database, empty or a copy of a template."""
        name = f"{self._prefix}_{len(self._made)}"
        create_database(self._server_url, name, template)
        self._made.append(name)
        return self.address(name)

    def prepared(self, key: str, prepare: Preparation) -> str:
        """A new database in the state `prepare` makes; the work is done once per key and run."""
        return self.fresh(_template(self, self._server_url, f"{self._prefix.split('_')[0]}_{key}", prepare))

    def address(self, name: str) -> str:
        """SQLAlchemy address of a database on this server."""
        return self._server_url.rpartition("/")[0] + f"/{name}"

    def drop_all(self) -> None:
        """Drop what was made."""
        for name in self._made:
            drop_database(self._server_url, name)


class SqliteDatabases:
    """Database files in one folder."""

    def __init__(self, directory: Path, templates: Path) -> None:
        self._directory = directory
        self._templates = templates
        self._made = 0

    def fresh(self) -> str:
        """The address of a new, empty database."""
        self._made += 1
        return f"sqlite:///{self._directory / f'database_{self._made}.sqlite3'}"

    def prepared(self, key: str, prepare: Preparation) -> str:
        """A new database in the state `prepare` makes; the work is done once per key and worker."""
        template = self._templates / f"{key}.sqlite3"
        if not template.exists():
            draft = self._templates / f"{key}.draft.sqlite3"
            prepare(f"sqlite:///{draft}")
            with sqlite3.connect(draft) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            draft.rename(template)
        address = self.fresh()
        shutil.copyfile(template, address.removeprefix("sqlite:///"))
        return address


def _template(databases: PostgresDatabases, server_url: str, name: str, prepare: Preparation) -> str:
    """The name of the template, made by the first worker who asks; the others wait."""
    with psycopg.connect(plain(server_url), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if row is None:
            draft = f"{name}_draft"
            drop_database(server_url, draft)
            create_database(server_url, draft)
            prepare(databases.address(draft))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    return name
