"""Many rows in one statement: the difference between hundreds and thousands a second."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shared.db.records import as_json, source

Row = Mapping[str, Any]


@lru_cache(maxsize=512)
def _insert_records(dialect: Dialect, table: Table, names: tuple[str, ...], returning: str | None = None) -> str:
    """INSERT … SELECT … FROM json_to_recordset(:rows): one plan whatever the number of rows.

    As text, for SQLAlchemy would look through the whole of it at each use to find what it compiled before.
    """
    _, columns = source(table, names, "rows")
    statement = pg_insert(table).from_select(list(names), select(*columns))
    if returning is None:
        return str(statement.compile(dialect=dialect))
    return str(statement.on_conflict_do_nothing().returning(table.c[returning]).compile(dialect=dialect))


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(rows[0])


def insert_rows(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same keys. Any conflict fails the whole statement."""
    if not rows:
        return
    names = _names(rows)
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(_insert_records(conn.dialect, table, names), {"rows": as_json(rows)})
    else:
        conn.execute(insert(table), [dict(row) for row in rows])


def insert_new(conn: Connection, table: Table, rows: Sequence[Row], returning: str) -> set[Any]:
    """Insert the rows that do not collide with any unique key; the `returning` values of those that went in.

    This is the guard of inboxes and idempotency keys: the key decides, never an earlier look.
    """
    if not rows:
        return set()
    names = _names(rows)
    if conn.dialect.name == "postgresql":
        statement = _insert_records(conn.dialect, table, names, returning)
        return set(conn.exec_driver_sql(statement, {"rows": as_json(rows)}).scalars())
    ignoring = sqlite_insert(table).on_conflict_do_nothing().returning(table.c[returning])
    return {value for row in rows for value in conn.execute(ignoring, dict(row)).scalars()}


def update_rows(conn: Connection, table: Table, key: str, rows: Sequence[Row]) -> None:
    """Set the other columns of each row where `key` equals the row's; rows all have the same keys."""
    if not rows:
        return
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in rows[0] if name != key}
    statement = update(table).where(table.c[key] == bindparam(f"v_{key}")).values(values)
    conn.execute(statement, [{f"v_{name}": value for name, value in row.items()} for row in rows])
