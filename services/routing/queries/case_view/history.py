"""What happened to a case, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.routing.desk import Desk
from services.routing.domain.certificate import without_excluded
from services.routing.domain.roles import SEE_EXCLUDED, may
from services.routing.models import history, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event of a case. `actor` is None when rules, time or the resident did it."""

    sequence: int
    type: str
    at: datetime
    actor: str | None
    actor_id: UUID | None
    data: Mapping[str, Any]
    certificate: Mapping[str, Any] | None


def steps(desk: Desk, case_id: UUID) -> tuple[Step, ...]:
    """The whole history of a case that was found within sight."""
    wanted = (
        select(*_COLUMNS, people.c.name.label("actor"))
        .join_from(history, people, history.c.actor_id == people.c.id, isouter=True)
        .where(history.c.case_id == case_id)
        .order_by(history.c.sequence)
    )
    whole = may(desk.actor.role, SEE_EXCLUDED)
    return tuple(_step(dict(row), whole=whole) for row in desk.conn.execute(wanted).mappings())


_COLUMNS = [history.c[name] for name in ("sequence", "type", "at", "actor_id", "data", "certificate")]


def _step(row: dict[str, Any], *, whole: bool) -> Step:
    if row["certificate"] is not None and not whole:
        row["certificate"] = without_excluded(row["certificate"])
    return Step(**row)
