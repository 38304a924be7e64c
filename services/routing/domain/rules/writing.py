"""A rule set written as its document, for a draft that begins where the rules stand."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from services.routing.domain.rules.matching import YES
from services.routing.domain.rules.reading import FORMAT
from services.routing.domain.rules.values import ANSWERS, Conditions, Expectation, Outcome, Rule, RuleSet


def write(rules: RuleSet) -> str:
    """The text `read` gives the same rules for."""
    return "\n".join([f"format = {FORMAT}", f"name = {_value(rules.name)}", *_tables(rules), ""])


def _tables(rules: RuleSet) -> Iterator[str]:
    for rule in rules.rules:
        yield from _rule(rule)
    for row in rules.expected:
        yield from _row(row)


def _rule(rule: Rule) -> Iterator[str]:
    yield from ("", "[[rule]]", f"code = {_value(rule.code)}")
    if rule.because:
        yield f"because = {_value(rule.because)}"
    yield f"when = {_inline(_conditions(rule.when))}"
    yield f"then = {_inline(_outcome(rule.then))}"


def _row(row: Expectation) -> Iterator[str]:
    yield from ("", "[[expect]]", f"given = {_inline(row.given)}")
    yield f"team = {_value(row.team)}" if row.team is not None else f"queue = {_value(row.queue)}"


def _conditions(when: Conditions) -> dict[str, Any]:
    asked = {
        name: YES in values if name in ANSWERS else sorted(values) for name, values in sorted(when.wanted.items())
    }
    return asked | ({"time": when.time} if when.time else {})


def _outcome(then: Outcome) -> dict[str, Any]:
    said = {name: getattr(then, name) for name in ("team", "queue", "skill", "policy")}
    said = {name: value for name, value in said.items() if value is not None}
    return said | ({"priority": then.priority} if then.priority else {})


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{name} = {_value(value)}" for name, value in table.items()) + " }" if table else "{}"


def _value(value: Any) -> str:
    """JSON's spelling of texts, numbers, lists and booleans is TOML's too, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
