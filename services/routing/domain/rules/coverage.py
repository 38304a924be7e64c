"""What the rules of a set leave for each other: a rule nothing is left for can never match.

Everything that can be told is a space with a dimension for each thing a rule may ask for; a rule takes some
boxes of it. A rule can match when a part of one of its boxes lies in no box of an earlier rule: that part is
its witness. Values no rule names are one value, "something else".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from services.routing.domain.directory import Directory
from services.routing.domain.facts import PARTNER, RETALIATION, Team
from services.routing.domain.rules.matching import NO, YES
from services.routing.domain.rules.values import (
    ABOUTS,
    CHANNELS,
    COVERING,
    KINDS,
    NONE,
    PARTNER_TEAM,
    WISHES,
    Conditions,
    Rule,
)
from services.routing.domain.rules.week import WEEK

ELSE = "something else"
#: Values by dimension; a dimension that is missing is whole.
Box = Mapping[str, frozenset[str]]

#: Pieces looked at before a rule is let pass: tables of people's making need a few hundred.
PATIENCE = 200_000


@dataclass(frozen=True)
class Reach:
    """The space of a rule set in a city, and the boxes of each of its rules in their order."""

    directory: Directory
    space: Box
    boxes: Mapping[str, tuple[Box, ...]]

    @classmethod
    def of(cls, directory: Directory, rules: Iterable[Rule]) -> "Reach":
        """Worked out once for a rule set."""
        rules = tuple(rules)
        space = _space(directory, rules)
        taken = {rule.code: tuple(_boxes_of(rule, directory, space)) for rule in rules}
        return cls(directory, space, {LAW: (BY_LAW,), **taken})

    def witness(self, rule: Rule, where: Iterable[Box] = ({},)) -> Box | None:
        """Something the rule would take, within `where`; None when nothing is left for it."""
        earlier = self._before(rule.code)
        for box, part in product(self.boxes[rule.code], where):
            both = met(box, part)
            if both is not None and (left := self._left_of(both, earlier)) is not None:
                return left
        return None

    def unclaimed(self) -> Box | None:
        """Something no rule takes."""
        return self._left_of({}, [box for boxes in self.boxes.values() for box in boxes])

    def takers(self, rule: Rule) -> list[str]:
        """The earlier rules that take what this one asks for."""
        own, found = self.boxes[rule.code], []
        for code, boxes in self.boxes.items():
            if code == rule.code:
                break
            if any(met(box, other) is not None for box in own for other in boxes):
                found.append(code)
        return found

    def kept_from_police(self) -> list[Box]:
        """What no police account may own, as boxes."""
        return [*guarded(self.directory, self.space, YES), *for_partner(self.space, YES)]

    def _before(self, code: str) -> list[Box]:
        earlier: list[Box] = []
        for each, boxes in self.boxes.items():
            if each == code:
                break
            earlier += boxes
        return earlier

    def _left_of(self, box: Box, earlier: list[Box]) -> Box | None:
        waiting, looked = [(box, 0)], 0
        while waiting:
            piece, start = waiting.pop()
            looked += 1
            meeting = next((i for i in range(start, len(earlier)) if met(piece, earlier[i]) is not None), None)
            if meeting is None or looked > PATIENCE:
                return piece
            waiting += [(part, meeting + 1) for part in self._without(piece, earlier[meeting])]
        return None

    def _without(self, box: Box, taken: Box) -> Iterator[Box]:
        """The box less what is taken, in boxes that lie apart."""
        kept = dict(box)
        for name, values in taken.items():
            here = kept.get(name, self.space[name])
            if rest := here - values:
                yield {**kept, name: rest}
            kept[name] = here & values


LAW = "the law"
#: Retaliation never comes to the rules.
BY_LAW: Box = {"category": frozenset((RETALIATION,))}


def met(one: Box, other: Box) -> Box | None:
    """What both boxes hold; None when they lie apart."""
    both = dict(one)
    for name, values in other.items():
        both[name] = both[name] & values if name in both else values
        if not both[name]:
            return None
    return both


def _space(directory: Directory, rules: tuple[Rule, ...]) -> dict[str, frozenset[str]]:
    whole = {
        "category": directory.categories | {RETALIATION},
        "kind": frozenset(KINDS),
        "about": frozenset(ABOUTS),
        "district": frozenset((NONE,)).union(*(team.districts for team in directory.teams)),
        "language": frozenset(),
        "channel": frozenset(CHANNELS),
        "preferred_partner": frozenset(WISHES),
        "partner": frozenset((NONE, *(code for code, kind in directory.kinds.items() if kind == PARTNER))),
        "names_person": frozenset((YES, NO)),
        "time": frozenset(_moments(rules)),
    }
    for rule in rules:
        for name, values in rule.when.wanted.items():
            if name in SEARCHED:
                whole |= {f"{name} {value}": frozenset((YES, NO)) for value in values}
            elif name in whole:
                whole[name] |= values
    return {name: (values | {ELSE} if name in OPEN else values) for name, values in whole.items()}


#: More may be told than any list holds.
OPEN = ("category", "district", "language", "partner")
#: Looked for in what was written: each value is there or is not, beside the others.
SEARCHED = ("keywords", "named_unit")


def _moments(rules: tuple[Rule, ...]) -> list[str]:
    """The week cut wherever a window begins or ends, each part by its first minute."""
    cuts = {0} | {minute % WEEK for rule in rules for window in rule.when.windows for minute in window}
    return [str(cut) for cut in cuts]


def _boxes_of(rule: Rule, directory: Directory, space: Box) -> Iterator[Box]:
    branches = list(_branches(rule, directory, space))
    for box, branch in product(asked_boxes(rule.when, directory, space), branches):
        both = met(box, branch)
        if both is not None:
            yield both


def asked_boxes(when: Conditions, directory: Directory, space: Box) -> list[Box]:
    """The conditions as boxes."""
    ways = [_ways(name, values, directory, space) for name, values in when.wanted.items()]
    if when.windows:
        inside = {cut for cut in space["time"] if any(a <= int(cut) < b for a, b in when.windows)}
        ways.append([{"time": frozenset(inside)}])
    return [both for chosen in product(*ways) if (both := _all_met(chosen)) is not None]


def _all_met(boxes: Iterable[Box]) -> Box | None:
    both: Box | None = {}
    for box in boxes:
        both = met(both, box) if both is not None else None
    return both


def _ways(name: str, values: frozenset[str], directory: Directory, space: Box) -> list[Box]:
    if name in SEARCHED:
        return [{f"{name} {value}": frozenset((YES,))} for value in sorted(values)]
    if name == "guarded":
        return [box for value in sorted(values) for box in guarded(directory, space, value)]
    if name == "wants_partner":
        return [box for value in sorted(values) for box in for_partner(space, value)]
    if name == "language":
        values = frozenset(known for known in space[name] if {known, known.partition("-")[0]} & values)
    return [{name: values}]


def guarded(directory: Directory, space: Box, value: str) -> list[Box]:
    """What is guarded, or is not."""
    free = directory.categories - directory.guarded
    if value == NO:
        return [{"names_person": frozenset((NO,)), "category": free}]
    held = {"names_person": frozenset((NO,)), "category": space["category"] - free}
    return [{"names_person": frozenset((YES,))}, held]


def for_partner(space: Box, value: str) -> list[Box]:
    """What is for the partner, or is not."""
    either, nobody = frozenset(("either",)), frozenset((NONE,))
    if value == YES:
        through = {"preferred_partner": either, "partner": space["partner"] - nobody}
        return [{"preferred_partner": frozenset(("partner",))}, through]
    return [{"preferred_partner": frozenset(("police",))}, {"preferred_partner": either, "partner": nobody}]


def _branches(rule: Rule, directory: Directory, space: Box) -> Iterator[Box]:
    """What must hold besides the conditions for the outcome's place to exist."""
    if rule.then.team == COVERING:
        yield from _covered(directory, "police")
    elif rule.then.team == PARTNER_TEAM:
        own = {team.organisation for team in directory.teams if directory.kind(team.organisation) == PARTNER}
        yield {"partner": frozenset(own)}
        without = frozenset(code for code in space["partner"] if directory.kind(code) != PARTNER)
        for box in _covered(directory, PARTNER):
            yield {**box, "partner": without}
    else:
        yield {}


def _covered(directory: Directory, kind: str) -> Iterator[Box]:
    for team in directory.teams:
        if directory.kind(team.organisation) == kind:
            yield _covered_by(team)


def _covered_by(team: Team) -> Box:
    covered = {"category": team.categories, "district": team.districts}
    return {name: values for name, values in covered.items() if values}
