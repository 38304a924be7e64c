"""What the wall of a case rests on: its subjects, the chart at every moment, who was let in again."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.walls import Post, Subject
from services.routing.models import case_subjects, exclusions, people, posts, readmissions
from services.routing.office import Office

#: A subject that somebody outside the police found not to be meant.
LIFTED = "lifted"
Posts = dict[UUID, list[Post]]


def standing_subjects(conn: Connection, case_id: UUID) -> frozenset[Subject]:
    """What the case is about, without what was lifted."""
    c = case_subjects.c
    wanted = select(c.kind, c.key, c.source, c.relation).where(c.case_id == case_id, c.state != LIFTED)
    return frozenset(Subject(*row) for row in conn.execute(wanted))


def all_posts(conn: Connection) -> Posts:
    """Every post that ever held, per person and in order."""
    c = posts.c
    wanted = (
        select(c.person_id, c.unit, c.reports_to, c.organisation, c.since)
        .where(c.since.is_not(None))
        .order_by(c.person_id, c.since, c.id)
    )
    found: Posts = defaultdict(list)
    for row in conn.execute(wanted):
        found[row.person_id].append(
            Post(
                person=row.person_id, unit=row.unit, reports_to=row.reports_to,
                organisation=row.organisation, since=row.since,
            )
        )  # fmt: skip
    return found


def chiefs(conn: Connection, office: Office) -> frozenset[UUID]:
    """The people the city names as its chiefs."""
    logins = office.city.walls.chiefs
    return frozenset(conn.scalars(select(people.c.id).where(people.c.login.in_(logins)))) if logins else frozenset()


def readmitted(conn: Connection, case_id: UUID) -> frozenset[UUID]:
    """Whom two of oversight let in again."""
    c = readmissions.c
    return frozenset(conn.scalars(select(c.person_id).where(c.case_id == case_id, c.agreed_by.is_not(None))))


def recused(conn: Connection, case_id: UUID) -> frozenset[UUID]:
    """Who stepped aside."""
    c = exclusions.c
    return frozenset(conn.scalars(select(c.person_id).where(c.case_id == case_id, c.reason == "recused")))


def incident(told: Any, zone: tzinfo) -> tuple[datetime, ...]:
    """When it happened, as the resident said: a moment, or both ends of a day; () when they did not."""
    occurred_at = told.get("occurred_at") if isinstance(told, dict) else None
    if not occurred_at:
        return ()
    if len(occurred_at) <= len("2026-11-20"):
        begins = datetime.combine(date.fromisoformat(occurred_at), time(), zone)
        return begins, begins + timedelta(days=1)
    at = datetime.fromisoformat(occurred_at)
    return (at if at.tzinfo else at.replace(tzinfo=zone),)
