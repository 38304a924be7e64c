"""Asks for rows by a list of values, however long."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY


def among(conn: Connection, column: Column[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column IN values`; on PostgreSQL with one array, so that a statement is prepared once for any length."""
    if conn.dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type, dimensions=1)))
    return column.in_(values)
