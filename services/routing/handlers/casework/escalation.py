"""Whom a case's ladder can reach: the people on each rung, without those whom the case must never reach."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.routing.domain.clocks import Telling, Terms, to_be_told
from services.routing.domain.facts import OVERSIGHT
from services.routing.handlers.casework.work import Work
from services.routing.models import people, queues
from services.routing.queries.staffing import excluded_from


def climb(work: Work, terms: Terms, telling: Telling) -> tuple[str, tuple[UUID, ...]]:
    """Who hears of the broken promise at this rung, or at the next one that has anybody left."""
    places = {rung.tell: _at(work, rung.tell) for rung in terms.ladder[telling.rung :]}
    shut = frozenset(excluded_from(work.tx.conn, work.case["id"]))
    return to_be_told(terms.ladder, telling.rung, places, shut)


def _at(work: Work, place: str) -> Sequence[UUID]:
    """The people at a place on the ladder, in an order that stays."""
    p, case = people.c, work.case
    superior = select(p.reports_to).where(p.id == case["owner_id"]).correlate(None).scalar_subquery()
    places: dict[str, ColumnElement[bool]] = {
        "owner": p.id == case["owner_id"] if case["owner_id"] else _keeps(case["queue"]),
        "supervisor": p.id == superior,
        "queue": _keeps(work.office.directory.queue_of(case["organisation"]).code),
        "oversight": _keeps(work.office.directory.first_queue(OVERSIGHT).code) | (p.role == OVERSIGHT),
    }
    wanted = select(p.id).where(p.active, places[place]).order_by(p.login)
    return list(work.tx.conn.scalars(wanted))


def _keeps(queue: str | None) -> ColumnElement[bool]:
    return people.c.id.in_(select(queues.c.owner_id).where(queues.c.code == queue))
