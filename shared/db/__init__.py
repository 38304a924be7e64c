"""Databases: PostgreSQL in production, SQLite for one machine, by the same code."""

from shared.db.bulk import insert_new, insert_rows, update_rows
from shared.db.engine import connect, database_is_full, is_outage
from shared.db.membership import among
from shared.db.types import Json, UtcDateTime

__all__ = [
    "Json",
    "UtcDateTime",
    "among",
    "connect",
    "database_is_full",
    "insert_new",
    "insert_rows",
    "is_outage",
    "update_rows",
]
