"""A rule set as values: ordered rules with conditions and an outcome, and the table of what is expected of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.routing.domain.rules.week import Window

#: What a rule may ask of a concern, as written in a document. A value of the list is enough.
LISTS = (
    "category", "kind", "about", "district", "language", "channel", "preferred_partner", "partner",
    "keywords", "named_unit",
)  # fmt: skip
#: What a rule may ask with yes or no: guarded (never for a police team), a person is named, it is for the partner.
ANSWERS = ("guarded", "names_person", "wants_partner")

#: Stands in a condition for what was not told: no district, nobody it is about, no partner.
NONE = "none"
KINDS = ("concern", "suggestion", "thanks")
ABOUTS = ("me", "my_child", "someone_in_custody", "someone_else", "place", NONE)
CHANNELS = ("web", "api", "sms", "import", "open311", "phone", "letter", "walk-in", "email")
WISHES = ("police", "partner", "either")

#: Places that depend on the concern and the city: no code of a city pack begins like that.
COVERING = "@covering"  # the most particular police team that covers category and district
PARTNER_TEAM = "@partner"  # the named partner's team, else the most particular of all partners'
PARTNER_QUEUE = "@partner"  # the named partner's queue, else the first of the partners'
OVERSIGHT_QUEUE = "@oversight"
POLICE_QUEUE = "@police"
TEAMS_BY_CONCERN = (COVERING, PARTNER_TEAM)
QUEUES_BY_CONCERN = (PARTNER_QUEUE, OVERSIGHT_QUEUE, POLICE_QUEUE)


@dataclass(frozen=True)
class Conditions:
    """What a concern must be like. `wanted` maps each thing asked for to the values that will do."""

    wanted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    time: str | None = None
    windows: tuple[Window, ...] = ()

    @cached_property
    def asked(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The same as pairs, for decisions by the hundred."""
        return tuple(self.wanted.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where a concern goes: a team or a queue, by code or by one of the words for places that depend on it."""

    team: str | None = None
    queue: str | None = None
    skill: str | None = None
    priority: int = 0
    policy: str | None = None


#: The outcome of what no rule settled: a place and nothing more.
NOTHING_MORE = Outcome()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `because` is the sentence of its certificates; without, its conditions speak."""

    code: str
    when: Conditions
    then: Outcome
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A row of the table: such a concern belongs to this team or queue."""

    given: Mapping[str, object]
    team: str | None = None
    queue: str | None = None


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """The rules in their order: the first that fits decides. Version 0 is made from the city pack."""

    version: int
    name: str
    rules: tuple[Rule, ...]
    expected: tuple[Expectation, ...] = ()

    @cached_property
    def keywords(self) -> frozenset[str]:
        """Every word some rule looks for in the story."""
        return self._looked_for("keywords")

    @cached_property
    def units(self) -> frozenset[str]:
        """Every unit some rule looks for among those named."""
        return self._looked_for("named_unit")

    def _looked_for(self, name: str) -> frozenset[str]:
        return frozenset().union(*(rule.when.wanted.get(name, frozenset()) for rule in self.rules))
