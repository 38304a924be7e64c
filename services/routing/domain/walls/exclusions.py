"""Whom a case must never reach: the rules of conflict as one pure function."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from uuid import UUID

from services.routing.domain.walls.chart import Chart, Charts
from services.routing.domain.walls.subjects import ABOUT, ORGANISATION, PERSON, UNIT, Subject

RECUSED, NAMED, DECLARED, CHAIN = "recused", "named", "declared", "chain"
#: What oversight may lift for somebody. Who is named, and who stepped aside, stays away whatever is decided.
LIFTABLE = frozenset({DECLARED, CHAIN, "unit", "organisation"})
#: The strongest reason a person has is the one that is kept.
REASONS = (RECUSED, NAMED, DECLARED, CHAIN, "unit", "organisation")


def excluded_people(
    subjects: Iterable[Subject],
    charts: Iterable[Chart],
    depth: int,
    *,
    declared: AbstractSet[UUID] = frozenset(),
    recused: AbstractSet[UUID] = frozenset(),
    readmitted: AbstractSet[UUID] = frozenset(),
) -> dict[UUID, str]:
    """Everybody the case is closed to, each with the class of the reason.

    Whoever is named; everybody above them up to `depth` steps, and their units; named units with everybody
    above their people; named organisations as a whole: all by the union of the charts. Whoever has a conflict
    of their own, or stepped aside. `readmitted` undoes what may be undone.
    """
    known = frozenset(subjects)
    union = Charts(charts)
    named = {UUID(each.key) for each in known if each.kind == PERSON and each.relation == ABOUT}
    near = {UUID(each.key) for each in known if each.kind == PERSON and each.relation != ABOUT}
    units = {each.key for each in known if each.kind == UNIT}
    groups = {
        "organisation": union.working_for(each.key for each in known if each.kind == ORGANISATION),
        "unit": union.within(units | union.units(named)),
        CHAIN: union.above(named | union.within(units), depth),
        DECLARED: near | declared,
        NAMED: named,
        RECUSED: set(recused),
    }
    found = {person: reason for reason in reversed(REASONS) for person in groups[reason]}
    return {who: reason for who, reason in found.items() if who not in readmitted or reason not in LIFTABLE}
