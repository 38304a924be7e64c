"""Many rows in one statement: the difference between hundreds and thousands a second."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, column, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Row = Mapping[str, Any]


@lru_cache(maxsize=512)
def _unnest_insert(table: Table, names: tuple[str, ...]) -> Any:
    """INSERT … SELECT * FROM unnest(:a, :b): one plan whatever the number of rows."""
    columns: list[Column[Any]] = [table.c[name] for name in names]
    arrays = [bindparam(f"p_{c.name}", type_=ARRAY(c.type, dimensions=1)) for c in columns]
    source = func.unnest(*arrays).table_valued(*[column(f"u_{c.name}", c.type) for c in columns]).render_derived()
    return pg_insert(table).from_select(list(names), select(*source.c))


def _arrays(rows: Sequence[Row], names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {f"p_{name}": [row.get(name) for row in rows] for name in names}


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(rows[0])


def insert_rows(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same keys. Any conflict fails the whole statement."""
    if not rows:
        return
    names = _names(rows)
    if conn.dialect.name == "postgresql":
        conn.execute(_unnest_insert(table, names), _arrays(rows, names))
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
        statement = _unnest_insert(table, names).on_conflict_do_nothing().returning(table.c[returning])
        return set(conn.execute(statement, _arrays(rows, names)).scalars())
    ignoring = sqlite_insert(table).on_conflict_do_nothing().returning(table.c[returning])
    return {value for row in rows for value in conn.execute(ignoring, dict(row)).scalars()}


def update_rows(conn: Connection, table: Table, key: str, rows: Sequence[Row]) -> None:
    """Set the other columns of each row where `key` equals the row's; rows all have the same keys."""
    if not rows:
        return
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in rows[0] if name != key}
    statement = update(table).where(table.c[key] == bindparam(f"v_{key}")).values(values)
    conn.execute(statement, [{f"v_{name}": value for name, value in row.items()} for row in rows])
