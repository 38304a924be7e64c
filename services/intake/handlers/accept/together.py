"""Stores a whole group in one statement, which is its own transaction: PostgreSQL's fast way."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Dialect, Engine, FromClause, Select, Table, exists, select
from sqlalchemy.dialects.postgresql import insert

from services.intake.handlers.accept.offer import Offer
from services.intake.models import audit, idempotency, submissions
from shared.db.direct import run_alone
from shared.db.records import as_json, source


def store_together(
    engine: Engine, outbox: Table, claims: Sequence[dict[str, Any]], offers: Sequence[Offer]
) -> set[UUID]:
    """Write every offer whose claim on its key holds, durably; the ids of those whose key is held by another.

    One round trip instead of six: under load the trips cost more than the rows. Any other conflict fails
    the whole statement. Claims go in by key order, so that two processes never wait for each other.
    """
    rows = {
        "claims": as_json(sorted(claims, key=lambda row: row["key_hash"])),
        "submissions": as_json([offer.submission for offer in offers]),
        "entries": as_json([offer.audit for offer in offers]),
        "events": as_json([offer.event for offer in offers]),
    }
    names = tuple(tuple(row) for row in (offers[0].submission, offers[0].audit, offers[0].event))
    return {item_id for (item_id,) in run_alone(engine, _statement(engine.dialect, outbox, *names), rows)}


Names = tuple[str, ...]


@cache
def _statement(dialect: Dialect, outbox: Table, *names: Names) -> str:
    return str(_composed(outbox, *names).compile(dialect=dialect))


def _composed(outbox: Table, of_submission: Names, of_entry: Names, of_event: Names) -> Select[Any]:
    """INSERT the claims; then what belongs to those that held into three tables; SELECT those that did not."""
    names = [column.name for column in idempotency.c]
    rows, columns = source(idempotency, names, "claims")
    claimed = (
        insert(idempotency)
        .from_select(names, select(*columns))
        .on_conflict_do_nothing()
        .returning(idempotency.c.item_id)
        .cte("claimed")
    )
    lost = select(rows.c.item_id).except_(select(claimed.c.item_id)).cte("lost")
    inserts = (
        _insert(submissions, of_submission, "submissions", "id", lost),
        _insert(audit, of_entry, "entries", "item_id", lost),
        _insert(outbox, of_event, "events", "item_id", lost),
    )
    return select(lost.c.item_id).add_cte(*inserts)


def _insert(table: Table, names: Names, parameter: str, item: str, lost: CTE) -> CTE:
    """Insert the rows in the parameter whose item has not lost its key."""
    rows, columns = source(table, names, parameter)
    kept = select(*columns).where(~_among(rows, item, lost))
    return insert(table).from_select(list(names), kept).cte(f"stored_{parameter}")


def _among(rows: FromClause, item: str, lost: CTE) -> Any:
    return exists().where(lost.c.item_id == rows.c[item])
