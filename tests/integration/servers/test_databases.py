"""Databases for tests are fresh, prepared once, and alike on both engines."""

import sqlalchemy as sa

from tests.servers.databases import PostgresDatabases, SqliteDatabases


class Preparation:
    """Makes a table and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, url: str) -> None:
        self.times += 1
        execute(url, "CREATE TABLE town (name TEXT)", "INSERT INTO town VALUES ('Port Alder')")


def execute(url: str, *statements: str) -> list[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(sa.text(statement))
        found = [row[0] for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def test_a_fresh_database_is_empty_and_nobody_elses(databases: PostgresDatabases | SqliteDatabases) -> None:
    one, two = databases.fresh(), databases.fresh()
    execute(one, "CREATE TABLE town (name TEXT)")
    execute(two, "CREATE TABLE town (name TEXT)")
    execute(one, "INSERT INTO town VALUES ('x')")
    assert execute(two, "SELECT name FROM town") == []


def test_preparation_happens_once_and_every_copy_starts_from_it(
    databases: PostgresDatabases | SqliteDatabases,
) -> None:
    prepare = Preparation()
    copies = [databases.prepared("towns", prepare) for _ in range(3)]
    execute(copies[0], "DELETE FROM town")
    assert [execute(copy, "SELECT name FROM town") for copy in copies] == [[], ["Port Alder"], ["Port Alder"]]
    assert prepare.times <= 1
