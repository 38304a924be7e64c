"""The table that belongs to a rule set: such a concern goes to this team or queue."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.routing.domain.directory import Directory
from services.routing.domain.facts import Facts, Queue, Team
from services.routing.domain.rules.settling import Settled, place_of, settle
from services.routing.domain.rules.values import Expectation, Outcome, RuleSet
from services.routing.domain.rules.words import place_in_words

#: What a row leaves out.
UNSAID: dict[str, Any] = {
    "kind": "concern", "category": "unsure", "district": None, "language": "en", "channel": "web",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """A row of the table, tried: where the concern goes instead, and by which rule."""

    number: int
    row: Expectation
    settled: Settled
    passed: bool

    @property
    def message(self) -> str:
        """What failed, in words."""
        wanted = place_in_words(self.row.team, self.row.queue)
        return f"{said(self.row)} goes to {place_name(self.settled.place)} by {self.settled.rule}, not to {wanted}."


def tried(rules: RuleSet, directory: Directory) -> list[Tried]:
    """Every row of the table."""
    return [_try(number, row, rules, directory) for number, row in enumerate(rules.expected, 1)]


def failures(rules: RuleSet, directory: Directory) -> Iterator[tuple[int, str]]:
    """The numbers of the rows that fail, and why."""
    return ((each.number, each.message) for each in tried(rules, directory) if not each.passed)


def _try(number: int, row: Expectation, rules: RuleSet, directory: Directory) -> Tried:
    facts = facts_of(row)
    settled = settle(facts, directory, rules)
    wanted = place_of(Outcome(team=row.team, queue=row.queue), facts, directory)
    return Tried(number, row, settled, settled.place == wanted)


def facts_of(row: Expectation) -> Facts:
    """The concern a row describes; `named_unit` are the units that stand in it."""
    given = dict(row.given)
    given["named_units"] = given.pop("named_unit", ())
    return Facts.of(UNSAID | given)


def said(row: Expectation) -> str:
    """The concern of a row in words."""
    parts = [f"{name} {_value(value)}" for name, value in row.given.items()]
    return "A concern with " + ", ".join(parts) if parts else "A concern nothing is known of"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)


def place_name(place: Team | Queue) -> str:
    """A team or a queue by its code."""
    return f"team {place.code}" if isinstance(place, Team) else f"queue {place.code}"
