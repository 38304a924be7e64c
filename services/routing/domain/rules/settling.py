"""Where the rules send a concern: the laws that stand above every rule set, then the first rule that fits."""

from dataclasses import dataclass

from services.routing.domain.directory import Directory
from services.routing.domain.facts import OVERSIGHT, POLICE, RETALIATION, Facts, Queue, Team
from services.routing.domain.rules.matching import first_match, wants_partner
from services.routing.domain.rules.values import (
    COVERING,
    NOTHING_MORE,
    OVERSIGHT_QUEUE,
    PARTNER_QUEUE,
    PARTNER_TEAM,
    POLICE_QUEUE,
    Outcome,
    Rule,
    RuleSet,
)
from services.routing.domain.rules.words import because


@dataclass(frozen=True, slots=True)
class Settled:
    """The rule that decided, its sentence, the place, and what else the rule asks for."""

    rule: str
    sentence: str
    place: Team | Queue
    outcome: Outcome = NOTHING_MORE


def settle(facts: Facts, directory: Directory, rules: RuleSet) -> Settled:
    """A team or a queue for any concern; never the police's for what must be kept from them."""
    return _by_law(facts, directory) or _by_rule(facts, directory, rules)


def kept_from_police(facts: Facts, directory: Directory) -> bool:
    """Whether no police account may own it: it is guarded, or meant for the partner."""
    return directory.is_guarded(facts) or wants_partner(facts)


def _by_law(facts: Facts, directory: Directory) -> Settled | None:
    oversight = directory.first_queue(OVERSIGHT)
    if facts.quarantine is not None:
        return Settled("quarantine", "It must be looked at before it goes to anybody", oversight)
    if facts.category == RETALIATION:
        return Settled("retaliation", "Retaliation goes straight to oversight", oversight)
    return None


def _by_rule(facts: Facts, directory: Directory, rules: RuleSet) -> Settled:
    for rule in first_match(rules, facts, directory):
        place = place_of(rule.then, facts, directory)
        if place is None:
            continue
        if directory.kind(place.organisation) == POLICE and kept_from_police(facts, directory):
            return _kept_from_police(facts, directory, rule)
        return Settled(rule.code, because(rule, facts, place), place, rule.then)
    return Settled("no_rule", "No rule says whose it is", directory.first_queue(OVERSIGHT))


def _kept_from_police(facts: Facts, directory: Directory, rule: Rule) -> Settled:
    wished = facts.preferred_partner == "partner" or not directory.is_guarded(facts)
    queue = directory.triage(facts) if wished else directory.first_queue(OVERSIGHT)
    sentence = f"The rule {rule.code} points at the police, who may never have it"
    return Settled("kept_from_police", sentence, queue)


def place_of(then: Outcome, facts: Facts, directory: Directory) -> Team | Queue | None:
    """The team or queue an outcome means for this concern; None when there is none."""
    if then.team == COVERING:
        return directory.police_team(facts.category, facts.district)
    if then.team == PARTNER_TEAM:
        return directory.partner_team(facts)
    if then.team is not None:
        return directory.team(then.team)
    if then.queue == PARTNER_QUEUE:
        return directory.triage(facts)
    if then.queue in KINDS_OF_QUEUE:
        return directory.first_queue(KINDS_OF_QUEUE[then.queue])
    return directory.queue(then.queue or "")


KINDS_OF_QUEUE = {OVERSIGHT_QUEUE: OVERSIGHT, POLICE_QUEUE: POLICE}
