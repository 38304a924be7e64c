"""Who could own a case now: the people of the teams and their loads, as decisions read them."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.decision import Staffing
from services.routing.domain.facts import Colleague
from services.routing.models import people, recusals

#: Supervisors and administrators are given cases by hand only.
CHOSEN_BY_RULES = ("liaison", "partner", "oversight")


def staffing(conn: Connection) -> Staffing:
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
    return Staffing(roster, loads)


def recused_from(conn: Connection, case_id: UUID) -> frozenset[UUID]:
    """Whom the case must never reach again."""
    return frozenset(conn.scalars(select(recusals.c.person_id).where(recusals.c.case_id == case_id)))
