"""Who owns a concern: a pure function from facts to a certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from services.routing.domain.certificate import Candidate, Certificate
from services.routing.domain.directory import Directory
from services.routing.domain.facts import OVERSIGHT, POLICE, RETALIATION, Colleague, Facts, Queue, Team

RULES = "built-in 1"


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who could own cases: the people of each team, their open cases, and whom this case must not reach, why."""

    roster: Mapping[str, Sequence[Colleague]]
    loads: Mapping[UUID, int]
    excluded: Mapping[UUID, str] = field(default_factory=dict)


def decide(facts: Facts, directory: Directory, staffing: Staffing) -> Certificate:
    """Choose a person or an owned queue."""
    rule, sentence, place = _match(facts, directory)
    if isinstance(place, Queue):
        return _to_queue(facts, directory, Matched(rule, sentence), place)
    return _to_person(facts, directory, Matched(rule, sentence), place, staffing)


class Matched(NamedTuple):
    """The rule that fitted, and its sentence."""

    rule: str
    sentence: str


def _match(facts: Facts, directory: Directory) -> tuple[str, str, Team | Queue]:
    """The first rule that fits, its sentence, and where the concern goes."""
    oversight = directory.first_queue(OVERSIGHT)
    if facts.quarantine is not None:
        return "quarantine", "It must be looked at before it goes to anybody", oversight
    if facts.category == RETALIATION:
        return "retaliation", "Retaliation goes straight to oversight", oversight
    if directory.is_guarded(facts):
        return _guarded(facts, directory, oversight)
    if wants_partner(facts):
        return _partner(facts, directory)
    return _police(facts, directory)


def wants_partner(facts: Facts) -> bool:
    """Whether the resident asked for the community partner, or came through one without asking for the police."""
    return facts.preferred_partner == "partner" or (
        facts.partner is not None and facts.preferred_partner == "either"
    )


def _guarded(facts: Facts, directory: Directory, oversight: Queue) -> tuple[str, str, Queue]:
    why = "It names a person" if facts.names_person else "What it is about is never given to a police team"
    if facts.preferred_partner == "partner":
        return "guarded_for_partner", f"{why}, and the resident asked for the partner", directory.triage(facts)
    return "guarded", why, oversight


def _partner(facts: Facts, directory: Directory) -> tuple[str, str, Team | Queue]:
    team = directory.partner_team(facts)
    if team is None:
        return (
            "no_partner_team",
            "The resident asked for a partner, and no team fits",
            directory.triage(facts),
        )
    return "asked_for_partner", f"The resident asked for the partner; {team.name} answers for it", team


def _police(facts: Facts, directory: Directory) -> tuple[str, str, Team | Queue]:
    team = directory.police_team(facts.category, facts.district)
    if team is None:
        # The front desk belongs to the police; guarded concerns never come this far.
        return "no_team", "No team covers this category and district", directory.first_queue(POLICE)
    where = f"district {facts.district}" if team.districts else "any district"
    return "category_and_district", f"{team.name} covers {facts.category} in {where}", team


def _to_queue(facts: Facts, directory: Directory, matched: Matched, queue: Queue) -> Certificate:
    sentence = f"{matched.sentence}: it waits in {queue.name}."
    return _waiting(facts, directory, Matched(matched.rule, sentence), queue)


def _to_person(facts: Facts, directory: Directory, matched: Matched, team: Team, staffing: Staffing) -> Certificate:
    colleagues = sorted(staffing.roster.get(team.code, ()), key=lambda colleague: colleague.login)
    candidates = tuple(_considered(colleague, staffing) for colleague in colleagues)
    kept = [candidate for candidate in candidates if candidate.kept]
    if not kept:
        return _to_nobody(facts, directory, matched, team, candidates, walled=_walled(colleagues, staffing))
    chosen = min(kept, key=lambda candidate: (candidate.open_cases, candidate.login))
    sentence = f"{matched.sentence}. Of those who are there, {chosen.name} has the least open work"
    return Certificate(
        rules=RULES, rule=matched.rule, facts=facts, organisation=team.organisation, team=team.code, queue=None,
        owner_id=chosen.id, state="assigned", candidates=candidates, sentence=f"{sentence} ({chosen.open_cases}).",
    )  # fmt: skip


def _considered(colleague: Colleague, staffing: Staffing) -> Candidate:
    reason = "eligible"
    if not colleague.active:
        reason = "inactive"
    elif colleague.id in staffing.excluded:
        reason = staffing.excluded[colleague.id]
    elif not colleague.available:
        reason = "away"
    return Candidate(
        id=colleague.id, login=colleague.login, name=colleague.name,
        open_cases=staffing.loads.get(colleague.id, 0), reason=reason,
    )  # fmt: skip


def _walled(colleagues: Sequence[Colleague], staffing: Staffing) -> bool:
    return any(colleague.id in staffing.excluded for colleague in colleagues)


def _to_nobody(
    facts: Facts,
    directory: Directory,
    matched: Matched,
    team: Team,
    candidates: tuple[Candidate, ...],
    *,
    walled: bool,
) -> Certificate:
    # A wall that leaves nobody goes outside: the queue above the team would be the way up the chain.
    queue = directory.first_queue(OVERSIGHT) if walled else directory.queue_of(team.organisation)
    sentence = f"{matched.sentence}, but nobody of the team can take it now: it waits in {queue.name}."
    return _waiting(facts, directory, Matched("nobody_available", sentence), queue, candidates)


def _waiting(
    facts: Facts, directory: Directory, matched: Matched, queue: Queue, candidates: tuple[Candidate, ...] = ()
) -> Certificate:
    kind = directory.kind(queue.organisation)
    state = "quarantined" if facts.quarantine is not None else ("new" if kind == POLICE else "in_review")
    return Certificate(
        rules=RULES, rule=matched.rule, facts=facts, organisation=queue.organisation, team=None, queue=queue.code,
        owner_id=None, state=state, candidates=candidates, sentence=matched.sentence,
    )  # fmt: skip
