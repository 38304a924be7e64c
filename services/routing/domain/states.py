"""The states of a case: which may follow which, who may do it, and what the resident sees."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.routing.domain.refusals import Impossible, Invalid, NotAllowed

STATES = (
    "new", "quarantined", "in_review", "assigned", "in_progress", "waiting_on_resident",
    "in_mediation", "referred", "resolved", "closed",
)  # fmt: skip

PUBLIC_STATES = {
    "new": "received",
    "quarantined": "received",
    "in_review": "received",
    "assigned": "with_a_person",
    "in_progress": "with_a_person",
    "in_mediation": "with_a_person",
    "waiting_on_resident": "asked_you",
    "resolved": "answered",
    "closed": "closed",
    "referred": "referred",
}

#: Work that still has to be done by somebody; what counts as a person's load.
OPEN = frozenset(STATES) - {"resolved", "closed"}
#: Nobody has taken it yet: it waits in a queue.
UNOWNED = frozenset({"new", "quarantined", "in_review"})

OUTCOMES = (
    "action_taken", "policy_changed", "referred", "mediated", "explained", "withdrawn", "no_action",
)  # fmt: skip
#: Findings about a person are oversight's alone.
FINDINGS = ("sustained", "not_sustained", "exonerated", "unfounded")

STAFF = frozenset({"liaison", "partner", "supervisor", "oversight"})
OUTSIDE_POLICE = frozenset({"partner", "oversight"})
OVERSIGHT = frozenset({"oversight"})
RESIDENT = frozenset({"resident"})
TIME = frozenset({"time"})
RULES = frozenset({"rules"})

#: What wakes a case up when its resident writes; in every other state the words are only recorded.
WOKEN_BY_RESIDENT = {
    "waiting_on_resident": "answered",
    "resolved": "disputed",
    "closed": "reopened",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """Who may move a case from one state to another; `assigning` ones happen by giving it an owner, never alone.

    `reasoned` ones end a case without a word to the resident, so they are never done without saying why.
    """

    who: AbstractSet[str]
    assigning: bool = False
    reasoned: bool = False


TRANSITIONS: dict[tuple[str, str], Transition] = {
    ("new", "assigned"): Transition(STAFF | RULES, assigning=True),
    ("new", "quarantined"): Transition(OVERSIGHT | RULES),
    ("new", "in_review"): Transition(STAFF | RULES),
    ("quarantined", "new"): Transition(OVERSIGHT),
    # Discarding takes two people: the first proposes it.
    ("quarantined", "closed"): Transition(OVERSIGHT),
    ("in_review", "assigned"): Transition(OUTSIDE_POLICE, assigning=True),
    ("in_review", "referred"): Transition(OUTSIDE_POLICE),
    ("in_review", "closed"): Transition(OUTSIDE_POLICE, reasoned=True),
    ("assigned", "in_progress"): Transition(STAFF),
    ("assigned", "assigned"): Transition(STAFF | RULES, assigning=True),
    ("assigned", "referred"): Transition(STAFF),
    ("assigned", "in_mediation"): Transition(STAFF),
    ("in_progress", "waiting_on_resident"): Transition(STAFF),
    ("in_progress", "resolved"): Transition(STAFF),
    ("in_progress", "referred"): Transition(STAFF),
    ("in_progress", "in_mediation"): Transition(STAFF),
    ("in_progress", "assigned"): Transition(STAFF | RULES, assigning=True),
    ("waiting_on_resident", "in_progress"): Transition(STAFF | RESIDENT | TIME),
    ("waiting_on_resident", "resolved"): Transition(STAFF),
    ("in_mediation", "in_progress"): Transition(STAFF),
    ("in_mediation", "resolved"): Transition(STAFF),
    ("referred", "in_progress"): Transition(STAFF),
    ("referred", "closed"): Transition(STAFF, reasoned=True),
    ("resolved", "closed"): Transition(TIME),
    ("resolved", "in_progress"): Transition(STAFF | RESIDENT),
    ("closed", "in_progress"): Transition(STAFF | RESIDENT),
}


def after(state: str) -> tuple[str, ...]:
    """The states that may follow, in the order of the table."""
    return tuple(to for origin, to in TRANSITIONS if origin == state)


def choices(state: str, role: str) -> tuple[str, ...]:
    """The states this role may choose now; giving the case an owner is another act."""
    return tuple(
        to
        for (origin, to), transition in TRANSITIONS.items()
        if origin == state and role in transition.who and not transition.assigning
    )


def check(origin: str, to: str, who: str) -> None:
    """Raise Impossible when the table has no such step, NotAllowed when it is not for this role."""
    transition = TRANSITIONS.get((origin, to))
    if transition is None:
        allowed = ", ".join(after(origin)) or "nothing"
        raise Impossible(f"A case that is {origin} cannot become {to}. What may follow: {allowed}.")
    if who not in transition.who:
        if transition.who == TIME:
            raise Impossible(f"A case becomes {to} by itself, when the time for a dispute has passed.")
        raise NotAllowed(f"Moving a case from {origin} to {to} is not for the role {who}.")


def check_by_hand(origin: str, to: str, role: str) -> None:
    """As `check`, for a step somebody asks for by name; steps that give an owner need one."""
    check(origin, to, role)
    if TRANSITIONS[origin, to].assigning:
        raise Impossible("Give the case to a person instead: that makes it assigned.")


def needs_reason(origin: str, to: str) -> bool:
    """Whether the step is never taken without saying why."""
    transition = TRANSITIONS.get((origin, to))
    return transition is not None and transition.reasoned


def check_reason(origin: str, to: str, reason: str | None) -> None:
    """Raise Invalid when the step asks for a reason and there is none."""
    if needs_reason(origin, to) and reason is None:
        raise Invalid("/reason", "missing_reason", "Say why: the resident gets no word with this.")


def check_outcome(role: str, outcome: str | None, sentence: str | None) -> None:
    """Nothing resolves without an outcome and a sentence to the resident. Raises Invalid, NotAllowed."""
    if outcome in FINDINGS:
        if role != "oversight":
            raise NotAllowed("Findings about a person are made by oversight.")
    elif outcome not in OUTCOMES:
        raise Invalid("/outcome", "missing_outcome", f"Say what came of it: {', '.join(OUTCOMES)}.")
    if not sentence or not sentence.strip():
        raise Invalid(
            "/sentence", "missing_sentence", "Write one sentence that tells the resident what came of it."
        )
