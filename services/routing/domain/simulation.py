"""What rules would have done with the past: who would own what, with which load.

It predicts assignment and load, and nothing else: how fast people answer it cannot know. Each concern is
decided as at its own moment, with the people of that moment and the loads the simulated rules themselves
have made until then; a load ends when the case really ended.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from services.routing.domain.certificate import Certificate
from services.routing.domain.choosing import Staffing
from services.routing.domain.decision import decide
from services.routing.domain.directory import Directory
from services.routing.domain.facts import POLICE, Beyond, Colleague, Facts
from services.routing.domain.rules import RuleSet, kept_from_police

#: Where a concern came to no rule's own place.
UNROUTABLE = ("no_rule", "nobody_available", "kept_from_police")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A concern of the past: what was known of it, who was there, whom it must not reach, what became of it."""

    id: UUID
    reference: str
    facts: Facts
    roster: Mapping[str, Iterable[Colleague]]
    excluded: Mapping[UUID, str]
    opened_at: datetime
    ended_at: datetime | None
    resident: bytes | None
    kept: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A concern that would have gone elsewhere."""

    id: UUID
    reference: str
    before: str
    after: str
    rule: str


@dataclass
class Result:
    """The sums. `violations` would break a wall; `pointed_at_police` would have, were it not for the law."""

    decided: int = 0
    changed: list[Change] = field(default_factory=list)
    unroutable: list[Change] = field(default_factory=list)
    pointed_at_police: list[Change] = field(default_factory=list)
    violations: list[Change] = field(default_factory=list)
    owned: Counter[str] = field(default_factory=Counter)
    owned_before: Counter[str] = field(default_factory=Counter)
    highest: Counter[str] = field(default_factory=Counter)
    queued: Counter[str] = field(default_factory=Counter)
    queued_before: Counter[str] = field(default_factory=Counter)


class Simulation:
    """Decides the past, one concern after the other in the order they came."""

    def __init__(self, rules: RuleSet, directory: Directory) -> None:
        self.result = Result()
        self._rules = rules
        self._directory = directory
        self._loads: Counter[UUID] = Counter()
        self._ends: list[tuple[datetime, int, UUID]] = []
        self._owners: dict[bytes, UUID] = {}

    def take(self, past: Past) -> None:
        """Decide one and count it."""
        self._release(past.opened_at)
        known = self._owners.get(past.resident) if past.resident else None
        at_work = Staffing(past.roster, self._loads, past.excluded, known, Beyond.of(past.kept["beyond"]))
        made = decide(past.facts, self._directory, at_work, self._rules)
        self._count(past, made)
        if made.owner_id is not None:
            self._give(past, made.owner_id)

    def _release(self, now: datetime) -> None:
        while self._ends and self._ends[0][0] <= now:
            self._loads[heappop(self._ends)[2]] -= 1

    def _give(self, past: Past, owner: UUID) -> None:
        self._loads[owner] += 1
        if past.resident:
            self._owners[past.resident] = owner
        if past.ended_at is not None:
            heappush(self._ends, (past.ended_at, self.result.decided, owner))

    def _count(self, past: Past, made: Certificate) -> None:
        result, data = self.result, made.as_data()
        before, after = whose(past.kept), whose(data)
        change = Change(past.id, past.reference, before, after, made.rule)
        result.decided += 1
        if before != after:
            result.changed.append(change)
        if made.rule in UNROUTABLE:
            result.unroutable.append(change)
        if made.rule == "kept_from_police":
            result.pointed_at_police.append(change)
        if self._breaks_a_wall(past, made):
            result.violations.append(change)
        (result.queued if made.queue else result.owned)[after] += 1
        (result.queued_before if past.kept["queue"] else result.owned_before)[before] += 1
        if made.owner_id is not None:
            result.highest[after] = max(result.highest[after], self._loads[made.owner_id] + 1)

    def _breaks_a_wall(self, past: Past, made: Certificate) -> bool:
        police = self._directory.kind(made.organisation) == POLICE
        return made.owner_id in past.excluded or (police and kept_from_police(past.facts, self._directory))


def whose(certificate: Mapping[str, Any]) -> str:
    """The login of the owner, or the queue."""
    if certificate["owner_id"] is None:
        return f"queue {certificate['queue']}"
    found = (each["login"] for each in certificate["candidates"] if each["id"] == certificate["owner_id"])
    return next(found, str(certificate["owner_id"]))


def simulated(pasts: Iterable[Past], rules: RuleSet, directory: Directory) -> Iterator[Result]:
    """The result as it grows, after each concern."""
    simulation = Simulation(rules, directory)
    for past in pasts:
        simulation.take(past)
        yield simulation.result
