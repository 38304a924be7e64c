"""Rules said in sentences: why one decided, and what each asks for and does."""

from services.routing.domain.facts import Facts, Queue, Team
from services.routing.domain.rules.matching import NO
from services.routing.domain.rules.values import (
    COVERING,
    NONE,
    OVERSIGHT_QUEUE,
    PARTNER_QUEUE,
    PARTNER_TEAM,
    POLICE_QUEUE,
    Conditions,
    Outcome,
    Rule,
)

NAMES = {
    "category": "category", "kind": "kind", "about": "about", "district": "district", "language": "language",
    "channel": "channel", "preferred_partner": "wish", "partner": "partner", "keywords": "words",
    "named_unit": "unit named",
}  # fmt: skip
YES_OR_NO = {
    "guarded": ("it is guarded", "it is not guarded"),
    "names_person": ("it names a person", "it names nobody"),
    "wants_partner": ("it is for the partner", "it is not for the partner"),
}
TEAMS = {COVERING: "the police team that covers it", PARTNER_TEAM: "the partner's team"}
QUEUES = {
    PARTNER_QUEUE: "the partner's queue",
    OVERSIGHT_QUEUE: "oversight's queue",
    POLICE_QUEUE: "the police's queue",
}


def because(rule: Rule, facts: Facts, place: Team | Queue) -> str:
    """The sentence of a certificate, without its full stop."""
    if rule.because:
        return rule.because.format(place=place.name, category=facts.category, district=facts.district)
    if rule.then.team == COVERING and isinstance(place, Team):
        where = f"district {facts.district}" if place.districts else "any district"
        return f"{place.name} covers {facts.category} in {where}"
    return f"Rule {rule.code} sends it to {place.name}"


def conditions(when: Conditions) -> str:
    """What a rule asks for, such as "category noise or traffic; district 2"."""
    parts = [_condition(name, values) for name, values in sorted(when.wanted.items())]
    if when.time:
        parts.append(f"told {when.time}")
    return "; ".join(parts) or "everything else"


def _condition(name: str, values: frozenset[str]) -> str:
    if name in YES_OR_NO:
        return YES_OR_NO[name][NO in values]
    said = sorted("not told" if value == NONE else value for value in values)
    return f"{NAMES[name]} {' or '.join(said)}"


def place_in_words(team: str | None, queue: str | None) -> str:
    """A place as a rule or a row of the table names it."""
    if team is not None:
        return TEAMS.get(team, f"team {team}")
    return QUEUES.get(queue or "", f"queue {queue}")


def outcome(then: Outcome) -> str:
    """What a rule does, such as "team harbour, with the skill mediation"."""
    parts = [place_in_words(then.team, then.queue)]
    parts += [f"with the skill {then.skill}"] if then.skill else []
    parts += [f"priority {then.priority}"] if then.priority else []
    parts += [f"promise {then.policy}"] if then.policy else []
    return ", ".join(parts)
