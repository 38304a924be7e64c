"""Rows as one JSON parameter: PostgreSQL reads any number of them in one statement, Python writes them in C."""

from binascii import b2a_base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
)
from sqlalchemy.types import TypeEngine

from shared.db.types import UtcDateTime

_TEXT = Text()
_BASE64: ColumnElement[str] = literal_column("'base64'")


def as_json(rows: Sequence[Any]) -> str:
    """The rows as `source` reads them: bytes in base64, moments with their offset."""
    return orjson.dumps(rows, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(UtcDateTime.NAIVE)
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a column")


def source(table: Table, names: Sequence[str], parameter: str) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """A relation over the rows in a parameter, and its columns with the types of the table's."""
    columns = [column(name, _read_as(table.c[name].type)) for name in names]
    function = func.json_to_recordset(cast(bindparam(parameter, type_=_TEXT), JSON))
    rows = function.table_valued(*columns, name=f"{parameter}_rows").render_derived(with_types=True)
    return rows, [_typed(rows.c[name], table.c[name].type) for name in names]


def _read_as(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    # Text without a length: what is too long must be refused by the column, not cut off here.
    return _TEXT if isinstance(type_, LargeBinary | String) else type_


def _typed(value: ColumnElement[Any], type_: TypeEngine[Any]) -> ColumnElement[Any]:
    return func.decode(value, _BASE64, type_=type_) if isinstance(type_, LargeBinary) else value
