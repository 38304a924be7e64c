"""How the city is arranged: which team covers what, which queue takes the rest, what is guarded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from services.routing.domain.facts import OVERSIGHT, PARTNER, POLICE, Facts, Queue, Team

T = TypeVar("T")


@dataclass(frozen=True)
class Directory:
    """How the city is arranged. Queues come first to last: the first of a kind takes what has no other place.

    Raises ValueError when there is no queue outside the police, for then a complaint would have nowhere to go.
    """

    kinds: Mapping[str, str]
    guarded: frozenset[str]
    categories: frozenset[str]
    teams: tuple[Team, ...]
    queues: tuple[Queue, ...]
    #: Where a case goes that nobody of the house may see; None when the city has no such body.
    outside: Queue | None = None
    _covering: dict[tuple[str, str | None], Team | None] = field(default_factory=dict, compare=False, repr=False)
    _made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for kind in (OVERSIGHT, POLICE):
            if not any(self.kinds.get(queue.organisation) == kind for queue in self.queues):
                raise ValueError(f"The city needs a queue of an organisation of kind {kind}.")

    def once(self, name: str, make: Callable[["Directory"], T]) -> T:
        """What is made of the directory, made the first time it is asked for."""
        if name not in self._made:
            self._made[name] = make(self)
        made: T = self._made[name]
        return made

    def kind(self, organisation: str | None) -> str | None:
        """police, partner or oversight."""
        return self.kinds.get(organisation or "")

    def is_guarded(self, facts: Facts) -> bool:
        """Whether no police team may own it: conduct and its like, what nobody knows, what names a person."""
        return facts.names_person or facts.category in self.guarded or facts.category not in self.categories

    def team(self, code: str) -> Team | None:
        """The team by its code."""
        return next((team for team in self.teams if team.code == code), None)

    def queue(self, code: str) -> Queue | None:
        """The queue by its code."""
        return next((queue for queue in self.queues if queue.code == code), None)

    def queue_of(self, organisation: str) -> Queue:
        """The organisation's own queue, else the first of its kind, else oversight's."""
        own = [queue for queue in self.queues if queue.organisation == organisation]
        return own[0] if own else self.first_queue(self.kinds.get(organisation, OVERSIGHT))

    def first_queue(self, kind: str) -> Queue:
        """The first queue of that kind of organisation; oversight's when the city has none."""
        own = [queue for queue in self.queues if queue != self.outside]
        found = [queue for queue in own if self.kinds.get(queue.organisation) == kind]
        return found[0] if found else self.first_queue(OVERSIGHT)

    def triage(self, facts: Facts) -> Queue:
        """Where a concern for the partner waits: the named partner's queue, else the first of the partners'."""
        if facts.partner and self.kind(facts.partner) == PARTNER:
            return self.queue_of(facts.partner)
        return self.first_queue(PARTNER)

    def police_team(self, category: str, district: str | None) -> Team | None:
        """The most particular police team that covers both; by code when two are alike."""
        key = (category, district)
        if key not in self._covering:
            self._covering[key] = self._most_particular(POLICE, category, district)
        return self._covering[key]

    def partner_team(self, facts: Facts) -> Team | None:
        """The named partner's team, else the most particular of all partners' that covers it explicitly."""
        if facts.partner and self.kind(facts.partner) == PARTNER:
            own = [team for team in self.teams if team.organisation == facts.partner]
            return min(own, key=lambda team: _rank(team, facts.category, facts.district), default=None)
        return self._most_particular(PARTNER, facts.category, facts.district)

    def _most_particular(self, kind: str, category: str, district: str | None) -> Team | None:
        covering = [
            team
            for team in self.teams
            if self.kinds.get(team.organisation) == kind and team.covers(category, district)
        ]
        return min(covering, key=lambda team: _rank(team, category, district), default=None)


def _rank(team: Team, category: str, district: str | None) -> tuple[bool, bool, bool, str]:
    """Smaller is more particular: covers it, names the district, names the category."""
    return (
        not team.covers(category, district),
        district not in team.districts,
        category not in team.categories,
        team.code,
    )
