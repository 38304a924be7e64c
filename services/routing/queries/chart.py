"""Changes of the chart that wait for oversight's signature."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.models import people, posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who is to work where, and where they work now; superiors by name."""

    id: UUID
    person: str
    unit: str | None
    reports_to: str | None
    unit_now: str | None
    reports_to_now: str | None
    proposed_by: str
    proposed_at: datetime


def proposals(conn: Connection) -> tuple[Proposal, ...]:
    """All that nobody has signed or refused, the oldest first."""
    names = {row.id: row.name for row in conn.execute(select(people.c.id, people.c.name))}
    wanted = (
        select(posts, people.c.name, people.c.unit.label("unit_now"), people.c.reports_to.label("superior_now"))
        .join(people, people.c.id == posts.c.person_id)
        .where(posts.c.since.is_(None), posts.c.refused_at.is_(None))
        .order_by(posts.c.proposed_at, posts.c.id)
    )
    return tuple(
        Proposal(
            id=row.id, person=row.name, unit=row.unit, reports_to=names.get(row.reports_to),
            unit_now=row.unit_now, reports_to_now=names.get(row.superior_now),
            proposed_by=names[row.proposed_by], proposed_at=row.proposed_at,
        )
        for row in conn.execute(wanted)
    )  # fmt: skip
