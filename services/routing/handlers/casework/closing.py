"""The wall of a case being changed: worked out anew, and the case moved from whoever is behind it now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete

from services.routing.domain.walls import Subject, chart_at, excluded_people, goes_outside
from services.routing.domain.walls.chart import Chart
from services.routing.domain.walls.folding import phrase
from services.routing.handlers.casework.told import first_words
from services.routing.handlers.casework.work import Work
from services.routing.models import exclusions
from services.routing.office import Office
from services.routing.queries.staffing import excluded_from, keepers
from services.routing.queries.walls import (
    Posts,
    all_posts,
    chiefs,
    incident,
    readmitted,
    recused,
    standing_subjects,
)
from shared.db import insert_rows


def rewall(work: Work, posts: Posts | None = None) -> frozenset[UUID]:
    """Bring the exclusions up to what the case is about now; whom that closed out anew."""
    conn, case_id = work.tx.conn, work.case["id"]
    wanted = excluded_people(
        standing_subjects(conn, case_id),
        charts(all_posts(conn) if posts is None else posts, moments(work)),
        work.office.city.walls.depth,
        recused=recused(conn, case_id),
        readmitted=readmitted(conn, case_id),
    )
    standing = excluded_from(conn, case_id)
    changed = [who for who, reason in standing.items() if wanted.get(who) != reason]
    if changed:
        conn.execute(delete(exclusions).where(exclusions.c.case_id == case_id, exclusions.c.person_id.in_(changed)))
    added = {who: reason for who, reason in wanted.items() if standing.get(who) != reason}
    insert_rows(conn, exclusions, exclusion_rows(case_id, added, work.now))
    return frozenset(added.keys() - standing.keys())


def exclusion_rows(case_id: UUID, excluded: Mapping[UUID, str], since: datetime) -> list[dict[str, Any]]:
    """As they are kept."""
    return [
        {"case_id": case_id, "person_id": who, "reason": reason, "since": since}
        for who, reason in sorted(excluded.items())
    ]


def charts(known: Posts, when: Iterable[datetime]) -> tuple[Chart, ...]:
    """The chart at each of the moments."""
    return tuple(chart_at(known, moment) for moment in when)


def moments(work: Work) -> tuple[datetime, ...]:
    """The incident, the filing and now; an erased story no longer says when it happened."""
    return (*_incident(work), work.case["received_at"], work.now)


def _incident(work: Work) -> tuple[datetime, ...]:
    return incident(first_words(work), work.office.city.time_zone)


def is_for_outside(conn: Connection, office: Office, about: Iterable[Subject], known: Iterable[Chart]) -> bool:
    """Whether it is about a chief or the liaisons' own units."""
    about = frozenset(about)
    if not about:
        return False
    units = frozenset(map(phrase, office.city.walls.liaison_units))
    return goes_outside(about, known, chiefs(conn, office), units)


def is_behind(work: Work) -> bool:
    """Whether whoever answers for the case now must not see it, or it belongs to the outside body instead."""
    conn, case = work.tx.conn, work.case
    excluded = excluded_from(conn, case["id"])
    holder = case["owner_id"] if case["owner_id"] else keepers(conn).get(case["queue"])
    if holder in excluded:
        return True
    body = work.office.directory.outside
    if body is None or case["organisation"] == body.organisation:
        return False
    about = standing_subjects(conn, case["id"])
    return is_for_outside(conn, work.office, about, charts(all_posts(conn), moments(work)) if about else ())
