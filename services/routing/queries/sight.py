"""Sight as a condition of SQL: the one filter before every list, count and case."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true

from services.routing.domain.sight import Sight
from services.routing.models import cases, exclusions


def visible(sight: Sight) -> ColumnElement[bool]:
    """The cases within sight, as `sees` of the domain decides it for one: the wall stands before everything."""
    return _admitted(sight) & ~exists(closed_to(sight.person))


def closed_to(person_id: UUID) -> Select[Any]:
    """Whether the wall of a case of the outer query stands before the person."""
    return select(exclusions.c.case_id).where(
        exclusions.c.case_id == cases.c.id, exclusions.c.person_id == person_id
    )


def _admitted(sight: Sight) -> ColumnElement[bool]:
    if sight.everything:
        return true()
    conditions: list[ColumnElement[bool]] = []
    if sight.owned:
        conditions.append(cases.c.owner_id == sight.person)
    if sight.team is not None:
        conditions.append(cases.c.team == sight.team)
    if sight.queues:
        conditions.append(cases.c.queue.in_(sorted(sight.queues)))
    if sight.organisation is not None:
        conditions.append(cases.c.organisation == sight.organisation)
    return or_(false(), *conditions)
