"""How long residents waited for a person: exact percentiles, and promises kept with the open ones counted.

The cohort is what was received in a span. The median is the discrete one (PostgreSQL's percentile_disc):
the smallest time that half of the answered cases did not exceed, so always a time that somebody waited.
Compliance is promises kept ÷ (answered + broken without an answer): a case that is overdue and still open
counts as broken, one that may still be answered in time counts as nothing yet.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Subquery, and_, case, func, null, select

from services.routing.desk import Desk
from services.routing.domain.refusals import Invalid
from services.routing.domain.roles import MEASURE, need
from services.routing.models import cases
from services.routing.reports import terms

#: What the cases may be grouped by.
GROUPS: dict[str, Column[Any]] = {
    "district": cases.c.district,
    "category": cases.c.category,
    "language": cases.c.language,
    "channel": cases.c.channel,
    "team": cases.c.team,
    "owner": cases.c.owner_id,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One group. Times in seconds; None where nothing was answered, or nothing promised has come due.

    `owed` are the answered and the broken, `kept` those of them answered in time.
    """

    key: Any
    count: int
    answered: int
    kept: int
    owed: int
    median_s: float | None
    p90_s: float | None
    compliance: float | None
    open_overdue: int


def response_times(
    desk: Desk, start: datetime | None = None, end: datetime | None = None, by: str | None = None
) -> tuple[Line, ...]:
    """The cases within sight received in [start, end), in one line or grouped. Raises Invalid, NotAllowed.

    With `by` the groups come in the order of their keys, the one without a key last.
    """
    need(desk.actor.role, MEASURE)
    if by is not None and by not in GROUPS:
        raise Invalid("/by", "unknown_group", f"Group by {', '.join(GROUPS)}.")
    cohort = _cohort(desk, start, end, GROUPS[by] if by else null())
    ranked = _ranked(cohort)
    key = ranked.c.key
    wanted = (
        select(key, *_figures(ranked)).group_by(key).order_by(key.is_(None), key)
        if by
        else select(null().label("key"), *_figures(ranked)).having(func.count() > 0)
    )
    return tuple(_line(row) for row in desk.conn.execute(wanted))


def _cohort(desk: Desk, start: datetime | None, end: datetime | None, key: ColumnElement[Any]) -> Subquery:
    """One row per case: its group, how long it took, and which promise was kept or broken."""
    c = cases.c
    return (
        select(
            key.label("key"),
            c.id,
            c.first_response_s.label("took"),
            case((terms.kept(), 1), else_=0).label("kept"),
            case((terms.broken(desk.now), 1), else_=0).label("broken"),
            case((terms.open_overdue(desk.now), 1), else_=0).label("open_overdue"),
        )
        .where(*terms.received_within(desk, start, end))
        .subquery("cohort")
    )


def _ranked(cohort: Subquery) -> Subquery:
    """The cohort with each answered case's place among its group's, from 1."""
    same_kind = (cohort.c.key, cohort.c.took.is_(None))
    return select(
        cohort,
        func.row_number().over(partition_by=same_kind, order_by=cohort.c.took).label("place"),
        func.count().over(partition_by=same_kind).label("places"),
    ).subquery("ranked")


def _figures(ranked: Subquery) -> list[ColumnElement[Any]]:
    r = ranked.c
    return [
        func.count().label("count"),
        func.count(r.took).label("answered"),
        _percentile(ranked, 50).label("median_s"),
        _percentile(ranked, 90).label("p90_s"),
        func.sum(r.kept).label("kept"),
        func.sum(r.broken).label("broken"),
        func.sum(r.open_overdue).label("open_overdue"),
    ]


def _percentile(ranked: Subquery, percent: int) -> ColumnElement[Any]:
    """The smallest time whose place is at least that share of the places; in whole numbers, so it is exact."""
    r = ranked.c
    reached = and_(r.took.is_not(None), r.place * 100 >= r.places * percent)
    return func.min(case((reached, r.took)))


def _line(row: Any) -> Line:
    owed = row.answered + row.broken
    return Line(
        key=row.key, count=row.count, answered=row.answered, kept=row.kept, owed=owed,
        median_s=row.median_s, p90_s=row.p90_s, compliance=row.kept / owed if owed else None,
        open_overdue=row.open_overdue,
    )  # fmt: skip
