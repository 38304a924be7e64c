"""Whose a case may be: never the police's what is guarded, never what the resident wanted from the partner."""

from dataclasses import dataclass, replace

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


THANKS = "thanks"


def may_own(facts: Facts, directory: Directory, standing: Standing, *, checked: bool = False) -> bool:
    """Whether the case may be given to such a person. `checked`: by oversight, which is who gives it."""
    if not (standing.active and may(standing.role, ANSWER)):
        return False
    kept = kept_from_police(facts, directory) and not (checked and is_thanks(facts, directory))
    return not (kept and directory.kind(standing.organisation) == POLICE)


def is_thanks(facts: Facts, directory: Directory) -> bool:
    """Whether it thanks somebody of the police: once oversight has read that it does, it may reach them."""
    named_apart = replace(facts, names_person=False)
    return THANKS in (facts.kind, facts.category) and not kept_from_police(named_apart, directory)


def is_said_in_thanks(facts: Facts, directory: Directory) -> bool:
    """Whether naming somebody in it is praise: a category alone, which a hurried finger picks, does not say so."""
    return facts.kind == THANKS and is_thanks(facts, directory)


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
