"""A rule set as a document (TOML): read into values with every problem at its line, and written again."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.routing.domain.rules.matching import NO, YES
from services.routing.domain.rules.values import (
    ANSWERS,
    LISTS,
    Conditions,
    Expectation,
    Outcome,
    Rule,
    RuleSet,
)
from services.routing.domain.rules.week import windows

FORMAT = 1
#: A document is read by people; more than this is a mistake, or an attack.
LONGEST = 200_000
MOST_RULES, MOST_ROWS = 500, 2_000

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\Z")
_LINE = re.compile(r"\(at line (\d+), column \d+\)\Z")
_PLACES = {"{place}", "{category}", "{district}"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where. `line` counts from 1; None when the whole document is meant."""

    where: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class Unreadable(Exception):
    """A document is no rule set; `problems` says why, with lines."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Document:
    """A rule set as it was read, with the line each rule and each row begins at."""

    rules: RuleSet
    lines: Mapping[str, int] = field(default_factory=dict)

    def problem(self, where: str, message: str) -> Problem:
        """A problem at its line."""
        return Problem(where, message, self.lines.get(where))


def read(text: str, version: int = -1) -> Document:
    """The rule set a text describes; a draft has no version yet. Raises Unreadable with every problem at once."""
    known, reader = _parsed(text), _Reader(_lines(text))
    rules = reader.rule_set(known, version)
    if reader.problems:
        raise Unreadable(reader.problems)
    return Document(rules, reader.lines)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise Unreadable([Problem("", f"The document is longer than {LONGEST:,} characters.")])
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _LINE.search(str(error))
        said = _LINE.sub("", str(error)).strip()
        raise Unreadable([Problem("", f"This is no TOML: {said}.", int(line[1]) if line else None)]) from error


def _lines(text: str) -> dict[str, int]:
    """Where each rule and each row begins: the lines of their [[headers]], in their order."""
    found: dict[str, int] = {}
    counted = {"rule": 0, "expect": 0}
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[\s*(rule|expect)\s*\]\]", line)
        if header:
            counted[header[1]] += 1
            found[f"{header[1]} {counted[header[1]]}"] = number
    return found


class _Reader:
    """Reads tables, and keeps what is wrong instead of stopping at the first."""

    def __init__(self, lines: dict[str, int]) -> None:
        self.lines = lines
        self.problems: list[Problem] = []
        self._where = ""

    def wrong(self, message: str) -> None:
        """A problem at the place that is being read."""
        self.problems.append(Problem(self._where, message, self.lines.get(self._where)))

    def rule_set(self, known: dict[str, Any], version: int) -> RuleSet:
        """The whole document."""
        self._only(known, ("format", "name", "rule", "expect"))
        if known.get("format") != FORMAT:
            self.wrong(f"format must be {FORMAT}.")
        name = self._text(known, "name", 120) or ""
        if not name.strip():
            self.wrong("name is missing: what these rules are called.")
        rules = tuple(self._each(known, "rule", MOST_RULES, self._rule))
        if not rules:
            self.wrong("There is no [[rule]].")
        rows = tuple(self._each(known, "expect", MOST_ROWS, self._expectation))
        return RuleSet(version=version, name=name.strip(), rules=rules, expected=rows)

    def _each(self, known: dict[str, Any], name: str, most: int, reading: Callable[[Any], Any]) -> Iterator[Any]:
        tables = known.get(name, [])
        if not isinstance(tables, list) or len(tables) > most:
            self.wrong(f"{name} must be tables [[{name}]], at most {most}.")
            return
        for number, table in enumerate(tables, 1):
            self._where = f"{name} {number}"
            if isinstance(table, dict):
                yield reading(table)
            else:
                self.wrong("must be a table.")
        self._where = ""

    def _rule(self, table: dict[str, Any]) -> Rule:
        code = table.get("code")
        if not isinstance(code, str) or not _CODE.match(code):
            code = ""
            self.wrong("code must be lower-case letters, digits, - and _.")
        else:
            self.lines[code] = self.lines.get(self._where, 0)
        self._only(table, ("code", "because", "when", "then"))
        because = self._text(table, "because", 300) or ""
        if set(re.findall(r"\{[^}]*\}?|\}", because)) - _PLACES:
            self.wrong("because may hold {place}, {category} and {district}, and no other braces.")
        return Rule(
            code=code,
            because=because.rstrip("."),
            when=self._conditions(self._table(table, "when")),
            then=self._outcome(self._table(table, "then")),
        )

    def _conditions(self, when: dict[str, Any]) -> Conditions:
        self._only(when, (*LISTS, *ANSWERS, "time"))
        wanted = {name: self._values(when, name) for name in LISTS if name in when}
        wanted |= {name: self._answer(when, name) for name in ANSWERS if name in when}
        time = self._text(when, "time", 200)
        try:
            return Conditions(wanted, time, windows(time) if time else ())
        except ValueError as error:
            self.wrong(str(error))
            return Conditions(wanted)

    def _outcome(self, then: dict[str, Any]) -> Outcome:
        self._only(then, ("team", "queue", "skill", "priority", "policy"))
        priority = then.get("priority", 0)
        if not isinstance(priority, int) or isinstance(priority, bool) or not 0 <= priority <= 9:
            self.wrong("priority must be a whole number from 0 to 9.")
            priority = 0
        said = {name: self._text(then, name, 80) for name in ("team", "queue", "skill", "policy")}
        self._one_place(said["team"], said["queue"])
        return Outcome(**said, priority=priority)

    def _expectation(self, table: dict[str, Any]) -> Expectation:
        self._only(table, ("given", "team", "queue"))
        team, queue = self._text(table, "team", 80), self._text(table, "queue", 80)
        self._one_place(team, queue)
        given = self._table(table, "given")
        self._only(given, GIVEN)
        for name, value in given.items():
            if name in GIVEN and not isinstance(value, GIVEN[name]):
                self.wrong(f"given {name} is written wrongly.")
        return Expectation(given=given, team=team, queue=queue)

    def _one_place(self, team: str | None, queue: str | None) -> None:
        if (team is None) == (queue is None):
            self.wrong("Name a team or a queue: one of the two.")

    def _only(self, table: Mapping[str, Any], known: Any) -> None:
        for name in table:
            if name not in known:
                self.wrong(f"{str(name)[:40]} is not a known field. Known are {', '.join(known)}.")

    def _table(self, table: dict[str, Any], name: str) -> dict[str, Any]:
        found = table.get(name, {})
        if isinstance(found, dict):
            return found
        self.wrong(f'{name} must be a table such as {{ category = ["noise"] }}.')
        return {}

    def _text(self, table: Mapping[str, Any], name: str, longest: int) -> str | None:
        value = table.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            self.wrong(f"{name} must be text in quotes, at most {longest} characters.")
            return None
        return value.strip()

    def _values(self, when: dict[str, Any], name: str) -> frozenset[str]:
        values = when[name] if isinstance(when[name], list) else [when[name]]
        if not values or not all(isinstance(value, str) and 0 < len(value.strip()) <= 200 for value in values):
            self.wrong(f"{name} must be a list of texts in quotes.")
            return frozenset()
        return frozenset(value.strip() for value in values)

    def _answer(self, when: dict[str, Any], name: str) -> frozenset[str]:
        if not isinstance(when[name], bool):
            self.wrong(f"{name} must be true or false.")
        return frozenset((YES if when[name] is True else NO,))


#: What a row of the table may say of a concern, and how it is written.
GIVEN: Mapping[str, type | tuple[type, ...]] = {
    "kind": str, "category": str, "district": str, "language": str, "channel": str, "about": str,
    "preferred_partner": str, "partner": str, "names_person": bool, "keywords": list, "named_unit": list,
    "told_at": str,
}  # fmt: skip
