"""Whom to tell of a broken promise: up the ladder, past everybody whom the case must not reach."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from services.routing.domain.clocks.terms import Rung


def to_be_told(
    ladder: Sequence[Rung], rung: int, people: Mapping[str, Sequence[UUID]], excluded: AbstractSet[UUID]
) -> tuple[str, tuple[UUID, ...]]:
    """The place on the ladder and its people, without those who are excluded.

    Where a rung has nobody left, the next one that has somebody is told instead; ("", ()) when none has.
    """
    for step in ladder[rung:]:
        reachable = tuple(person for person in people.get(step.tell, ()) if person not in excluded)
        if reachable:
            return step.tell, reachable
    return "", ()
