"""Who could own a case now: the people of the teams and their loads, as decisions read them."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.decision import Staffing
from services.routing.domain.facts import Colleague
from services.routing.models import exclusions, people, queues

#: Supervisors and administrators are given cases by hand only.
CHOSEN_BY_RULES = ("liaison", "partner", "oversight")


def staffing(conn: Connection, excluded: Mapping[UUID, str] | None = None) -> Staffing:
    """Everybody the rules may choose. `loads` is a dict the caller may count on."""
    wanted = select(
        people.c.id, people.c.login, people.c.name, people.c.team,
        people.c.active, people.c.available, people.c.open_cases,
    ).where(people.c.team.is_not(None), people.c.role.in_(CHOSEN_BY_RULES))  # fmt: skip
    roster: dict[str, list[Colleague]] = defaultdict(list)
    loads: dict[UUID, int] = {}
    for row in conn.execute(wanted):
        roster[row.team].append(
            Colleague(
                id=row.id, login=row.login, name=row.name, team=row.team,
                active=row.active, available=row.available,
            )
        )  # fmt: skip
        loads[row.id] = row.open_cases
    return Staffing(roster, loads, excluded or {})


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
