"""What must hold before a rule set may be published, each failing in words a person understands."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.routing.domain.directory import Directory
from services.routing.domain.facts import PARTNER, POLICE
from services.routing.domain.rules.coverage import ELSE, Box, Reach
from services.routing.domain.rules.expectations import failures
from services.routing.domain.rules.reading import Document, Problem
from services.routing.domain.rules.values import (
    ABOUTS,
    CHANNELS,
    COVERING,
    KINDS,
    NONE,
    POLICE_QUEUE,
    QUEUES_BY_CONCERN,
    TEAMS_BY_CONCERN,
    WISHES,
    Outcome,
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the city and its people have besides the directory; None where it cannot be known."""

    districts: frozenset[str]
    policies: frozenset[str]
    skills: frozenset[str] | None = None
    units: frozenset[str] | None = None


def problems_of(document: Document, directory: Directory, known: Known) -> list[Problem]:
    """Everything that speaks against publishing; [] when it may be. Codes first: the rest rests on them."""
    found = [problem for check in _CODES for problem in check(document, directory, known)]
    return found or [problem for check in _REACH for problem in check(document, directory)]


def _repeated(document: Document, _directory: Directory, _known: Known) -> Iterator[Problem]:
    for code, times in Counter(rule.code for rule in document.rules.rules).items():
        if times > 1:
            yield document.problem(code, f"The code stands there {times} times.")


def _conditions(document: Document, directory: Directory, known: Known) -> Iterator[Problem]:
    vocabulary: dict[str, frozenset[str] | None] = {
        "category": directory.categories,
        "kind": frozenset(KINDS),
        "about": frozenset(ABOUTS),
        "district": known.districts | {NONE},
        "channel": frozenset(CHANNELS),
        "preferred_partner": frozenset(WISHES),
        "partner": frozenset(code for code, kind in directory.kinds.items() if kind == PARTNER) | {NONE},
        "named_unit": known.units,
    }
    for rule in document.rules.rules:
        for name, values in rule.when.wanted.items():
            allowed = vocabulary.get(name)
            for value in sorted(values - allowed) if allowed is not None else ():
                yield document.problem(rule.code, _unknown(name, value, allowed or frozenset()))


def _outcomes(document: Document, directory: Directory, known: Known) -> Iterator[Problem]:
    for rule in document.rules.rules:
        then = rule.then
        yield from _place(document, rule.code, directory, then.team, then.queue)
        if then.policy is not None and then.policy not in known.policies:
            yield document.problem(rule.code, _unknown("policy", then.policy, known.policies))
        if then.skill is not None and known.skills is not None and then.skill not in known.skills:
            yield document.problem(rule.code, f"Nobody has the skill {then.skill}.")


def _table(document: Document, directory: Directory, _known: Known) -> Iterator[Problem]:
    for number, row in enumerate(document.rules.expected, 1):
        yield from _place(document, f"expect {number}", directory, row.team, row.queue)


def _place(
    document: Document, where: str, directory: Directory, team: str | None, queue: str | None
) -> Iterator[Problem]:
    teams = {each.code for each in directory.teams}
    queues = {each.code for each in directory.queues}
    if team is not None and team not in teams and team not in TEAMS_BY_CONCERN:
        yield document.problem(where, _unknown("team", team, frozenset(teams)))
    if queue is not None and queue not in queues and queue not in QUEUES_BY_CONCERN:
        yield document.problem(where, _unknown("queue", queue, frozenset(queues)))


def _unknown(name: str, value: str, known: frozenset[str]) -> str:
    return f"There is no {name} {value[:60]}. Known are {', '.join(sorted(known)) or 'none'}."


def _reach(document: Document, directory: Directory) -> Iterator[Problem]:
    reach = Reach.of(directory, document.rules.rules)
    for rule in document.rules.rules:
        if not reach.boxes[rule.code]:
            yield document.problem(rule.code, "It can never match: its conditions contradict each other.")
        elif reach.witness(rule) is None:
            takers = ", ".join(reach.takers(rule))
            yield document.problem(rule.code, f"It can never match: {takers} before it take everything it could.")
        elif _is_police(rule.then, directory) and (left := reach.witness(rule, reach.kept_from_police())):
            yield document.problem(
                rule.code,
                f"The police could get what must be kept from them: {told(left, reach)}. "
                "Ask for guarded = false and wants_partner = false, or put a rule for these before it.",
            )
    unclaimed = reach.unclaimed()
    if unclaimed is not None:
        yield Problem("", f"No rule says whose this is: {told(unclaimed, reach)}. End with a rule for everything.")


def _is_police(then: Outcome, directory: Directory) -> bool:
    if then.team == COVERING or then.queue == POLICE_QUEUE:
        return True
    place = directory.team(then.team) if then.team else directory.queue(then.queue or "")
    return place is not None and directory.kind(place.organisation) == POLICE


def told(box: Box, reach: Reach) -> str:
    """A concern of the box in words: only what narrows it."""
    narrowed = {name: values for name, values in box.items() if values != reach.space[name]}
    said = [f"{name} {min(values, key=lambda value: (value == ELSE, value))}" for name, values in narrowed.items()]
    return ", ".join(said) or "anything"


def _failing(document: Document, directory: Directory) -> Iterator[Problem]:
    for number, message in failures(document.rules, directory):
        yield document.problem(f"expect {number}", message)


_CODES: tuple[Callable[[Document, Directory, Known], Iterator[Problem]], ...] = (
    _repeated, _conditions, _outcomes, _table,
)  # fmt: skip
_REACH: tuple[Callable[[Document, Directory], Iterator[Problem]], ...] = (_reach, _failing)
