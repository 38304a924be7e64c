"""The chart: who works in which unit and reports to whom, as it was at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain.walls.folding import phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where somebody works. `since` is the moment it came to hold."""

    person: UUID
    unit: str | None = None
    reports_to: UUID | None = None
    organisation: str | None = None
    since: datetime | None = None


Chart = Mapping[UUID, Post]


def chart_at(posts: Mapping[UUID, Sequence[Post]], moment: datetime) -> Chart:
    """Everybody's post at the moment, of all they had (each in order). Before somebody's first post is known
    the first one holds: better a wall too many.
    """
    return {person: _at(held, moment) for person, held in posts.items() if held}


def _at(held: Sequence[Post], moment: datetime) -> Post:
    begun = [post for post in held if post.since is None or post.since <= moment]
    return begun[-1] if begun else held[0]


class Charts:
    """The union of several charts: whoever was once above, beside or within, is."""

    def __init__(self, charts: Iterable[Chart]) -> None:
        self._above: dict[UUID, set[UUID]] = defaultdict(set)
        self._units: dict[UUID, set[str]] = defaultdict(set)
        self._within: dict[str, set[UUID]] = defaultdict(set)
        self._working: dict[str, set[UUID]] = defaultdict(set)
        for chart in charts:
            for post in chart.values():
                self._enter(post)

    def _enter(self, post: Post) -> None:
        if post.reports_to is not None:
            self._above[post.person].add(post.reports_to)
        if post.unit and (unit := phrase(post.unit)):
            self._units[post.person].add(unit)
            self._within[unit].add(post.person)
        if post.organisation:
            self._working[post.organisation].add(post.person)

    def units(self, people: Iterable[UUID]) -> set[str]:
        """The units any of them worked in."""
        return set().union(*(self._units.get(person, ()) for person in people))

    def within(self, units: Iterable[str]) -> set[UUID]:
        """Who worked in any of the units (folded names)."""
        return set().union(*(self._within.get(unit, ()) for unit in units))

    def working_for(self, organisations: Iterable[str]) -> set[UUID]:
        """Who worked for any of the organisations."""
        return set().union(*(self._working.get(code, ()) for code in organisations))

    def above(self, people: AbstractSet[UUID], depth: int) -> set[UUID]:
        """Who is up to so many steps above any of them; a circle ends where it began."""
        found: set[UUID] = set()
        level = set(people)
        for _ in range(depth):
            level = set().union(*(self._above.get(person, ()) for person in level)) - found
            found |= level
        return found


def concerned(person: UUID, posts: Iterable[Post]) -> set[str]:
    """The keys of every subject whose wall may change with somebody's place: their own, those of everybody who
    ever was below them or in a unit with them or with those, and the units and organisations of all these.
    """
    every = list(posts)
    below, found = {person}, {person}
    while below:
        below = {post.person for post in every if post.reports_to in below} - found
        found |= below
    units = {phrase(post.unit) for post in every if post.person in found and post.unit}
    beside = {post.person for post in every if post.unit and phrase(post.unit) in units}
    organisations = {post.organisation for post in every if post.person == person and post.organisation}
    return {str(who) for who in found | beside} | units | organisations
