"""Whose a case may be: never the police's what is guarded, never what the resident wanted from the partner."""

from dataclasses import dataclass

from services.routing.domain import states
from services.routing.domain.directory import Directory
from services.routing.domain.facts import POLICE, Facts
from services.routing.domain.refusals import Impossible
from services.routing.domain.roles import ANSWER, may
from services.routing.domain.rules import kept_from_police


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a person decides whether a case may be hers."""

    role: str
    organisation: str | None
    active: bool = True


def may_own(facts: Facts, directory: Directory, standing: Standing) -> bool:
    """Whether the case may be given to such a person."""
    if not (standing.active and may(standing.role, ANSWER)):
        return False
    return not (kept_from_police(facts, directory) and directory.kind(standing.organisation) == POLICE)


def check_hand_over(state: str, role: str) -> None:
    """Raise Impossible or NotAllowed unless the role may give away a case in this state.

    States without a step to assigned keep the state and change the owner only.
    """
    if state in ("quarantined", "closed"):
        raise Impossible(f"A case that is {state} cannot be given to anybody.")
    if (state, "assigned") in states.TRANSITIONS:
        states.check(state, "assigned", role)


def can_hand_over(state: str, role: str) -> bool:
    """Whether `check_hand_over` would let it pass."""
    if state in ("quarantined", "closed"):
        return False
    transition = states.TRANSITIONS.get((state, "assigned"))
    return transition is None or role in transition.who
