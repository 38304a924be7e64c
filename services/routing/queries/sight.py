"""Sight as a condition of SQL: the one filter before every list, count and case."""

from sqlalchemy import ColumnElement, exists, false, or_, select, true

from services.routing.domain.sight import Sight
from services.routing.models import cases, recusals


def visible(sight: Sight) -> ColumnElement[bool]:
    """The cases within sight, as `sees` of the domain decides it for one."""
    recused = select(recusals.c.case_id).where(
        recusals.c.case_id == cases.c.id, recusals.c.person_id == sight.person
    )
    return _admitted(sight) & ~exists(recused)


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
