"""Who could own a case now: the people of the teams and their loads, as decisions read them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.decision import Staffing
from services.routing.domain.facts import Colleague
from services.routing.domain.rules.week import Window, windows, within
from services.routing.models import exclusions, people, queues

#: Supervisors and administrators are given cases by hand only.
CHOSEN_BY_RULES = ("liaison", "partner", "oversight")
_COLUMNS = [
    people.c[name]
    for name in (
        "id", "login", "name", "team", "active", "available", "open_cases",
        "languages", "skills", "shift", "away", "cap", "weight",
    )
]  # fmt: skip


def staffing(conn: Connection, at: datetime) -> Staffing:
    """Everybody the rules may choose at that moment of the city's time, and their open cases."""
    wanted = select(*_COLUMNS).where(people.c.team.is_not(None), people.c.role.in_(CHOSEN_BY_RULES))
    roster: dict[str, list[Colleague]] = defaultdict(list)
    loads: dict[UUID, int] = {}
    for row in conn.execute(wanted).mappings():
        roster[row["team"]].append(_colleague(row, at))
        loads[row["id"]] = row["open_cases"]
    return Staffing(roster, loads)


def _colleague(row: Mapping[Any, Any], at: datetime) -> Colleague:
    return Colleague(
        id=row["id"], login=row["login"], name=row["name"], team=row["team"], active=row["active"],
        available=row["available"] and not is_away(row["away"], at),
        on_shift=row["shift"] is None or within(_windows(row["shift"]), at),
        languages=tuple(row["languages"]), skills=tuple(row["skills"]), cap=row["cap"], weight=row["weight"],
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _windows(shift: str) -> tuple[Window, ...]:
    return windows(shift)


def is_away(periods: Iterable[Mapping[str, str]], at: datetime) -> bool:
    """Whether the day lies in one of the periods, their last days included."""
    day = at.date().isoformat()
    return any(period["from"] <= day <= period["to"] for period in periods)


def excluded_from(conn: Connection, case_id: UUID) -> dict[UUID, str]:
    """Whom the case must never reach, and the class of each reason."""
    wanted = select(exclusions.c.person_id, exclusions.c.reason).where(exclusions.c.case_id == case_id)
    return {row.person_id: row.reason for row in conn.execute(wanted)}


def keepers(conn: Connection) -> dict[str, UUID | None]:
    """Who answers for each queue now."""
    return {row.code: row.owner_id for row in conn.execute(select(queues.c.code, queues.c.owner_id))}


def reviewers(conn: Connection) -> frozenset[UUID]:
    """Everybody of oversight who is there."""
    return frozenset(conn.scalars(select(people.c.id).where(people.c.role == "oversight", people.c.active)))
