"""Who owns a concern: a pure function from facts to a certificate."""

from dataclasses import replace

from services.routing.domain.certificate import Candidate, Certificate
from services.routing.domain.choosing import OF_THE_PERSON, Staffing, candidates, choose, needs_of
from services.routing.domain.directory import Directory
from services.routing.domain.facts import OVERSIGHT, POLICE, Facts, Queue, Team
from services.routing.domain.rules import RuleSet, Settled, built_in, kept_from_police, settle, wants_partner
from services.routing.domain.walls.outside import outside

__all__ = ["BY_HAND", "TRANSLATORS", "Staffing", "decide", "wants_partner"]

#: The rules of a certificate that a person made.
BY_HAND = "by hand"
#: The queue for what nobody of the team reads; a city without one gives it to the team all the same.
TRANSLATORS = "translators"


def decide(facts: Facts, directory: Directory, staffing: Staffing, rules: RuleSet | None = None) -> Certificate:
    """Choose a person or an owned queue. Without `rules` the city's built-in ones hold."""
    rules = rules or built_in(directory)
    settled = settle(facts, directory, rules)
    if isinstance(settled.place, Queue):
        sentence = f"{settled.sentence}: it waits in {settled.place.name}."
        made = _waiting(facts, directory, replace(settled, sentence=sentence), settled.place)
    else:
        made = _to_person(facts, directory, settled, settled.place, staffing)
    made = replace(made, rules=rules.name, version=rules.version, outcome=settled.outcome)
    return outside(made, directory, staffing.beyond)


def _to_person(facts: Facts, directory: Directory, settled: Settled, team: Team, staffing: Staffing) -> Certificate:
    colleagues = tuple(staffing.roster.get(team.code, ()))
    needs = needs_of(facts, settled.outcome.skill, colleagues)
    considered = candidates(colleagues, needs, staffing)
    translators = _translators(facts, directory) if needs.language is None and considered else None
    if translators is not None:
        sentence = f"{settled.sentence}, but nobody there reads {facts.language}: it waits in {translators.name}."
        return _waiting(
            facts, directory, replace(settled, rule="no_reader", sentence=sentence), translators, considered
        )
    chosen = choose(considered, staffing.continuity)
    if chosen is None:
        return _to_nobody(facts, directory, settled, team, considered)
    return Certificate(
        rule=settled.rule, facts=facts, organisation=team.organisation, team=team.code, queue=None,
        owner_id=chosen.candidate.id, state="assigned", candidates=considered,
        sentence=f"{settled.sentence}. {chosen.why}.", continuity=staffing.continuity,
    )  # fmt: skip


def _translators(facts: Facts, directory: Directory) -> Queue | None:
    queue = directory.queue(TRANSLATORS)
    if queue is None or (directory.kind(queue.organisation) == POLICE and kept_from_police(facts, directory)):
        return None
    return queue


def _to_nobody(
    facts: Facts, directory: Directory, settled: Settled, team: Team, considered: tuple[Candidate, ...]
) -> Certificate:
    # A wall that leaves nobody goes outside: the queue above the team would be the way up the chain.
    walled = any(candidate.reason not in OF_THE_PERSON for candidate in considered)
    queue = directory.first_queue(OVERSIGHT) if walled else directory.queue_of(team.organisation)
    sentence = f"{settled.sentence}, but nobody of the team can take it now: it waits in {queue.name}."
    return _waiting(
        facts, directory, replace(settled, rule="nobody_available", sentence=sentence), queue, considered
    )  # fmt: skip


def _waiting(
    facts: Facts, directory: Directory, settled: Settled, queue: Queue, considered: tuple[Candidate, ...] = ()
) -> Certificate:
    kind = directory.kind(queue.organisation)
    state = "quarantined" if facts.quarantine is not None else ("new" if kind == POLICE else "in_review")
    return Certificate(
        rule=settled.rule, facts=facts, organisation=queue.organisation, team=None, queue=queue.code,
        owner_id=None, state=state, candidates=considered, sentence=settled.sentence,
    )  # fmt: skip
