"""Rules, rows of their table, problems and versions as tables people read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from services.routing.domain.rules import Problem, RuleSet, Tried
from services.routing.domain.rules.expectations import place_name, said
from services.routing.domain.rules.words import conditions, outcome, place_in_words
from services.routing.handlers.rules import Draft
from services.routing.queries.rules import Version
from services.routing.web import words
from shared.cities import City

ROOT = "/admin/rules/"
When = Callable[[datetime], str]


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    return {"columns": [{"label": head} for head in heads], "rows": list(rows)}


def rules(found: RuleSet) -> dict[str, Any]:
    """The rules in their order: the first that fits decides."""
    heads = [gettext("Rule"), gettext("When"), gettext("Then")]
    return _table(heads, [[rule.code, conditions(rule.when), outcome(rule.then)] for rule in found.rules])


def rows(found: Sequence[Tried]) -> dict[str, Any]:
    """The table of what is expected, tried now."""
    heads = [gettext("Concern"), gettext("Belongs to"), gettext("Goes to"), gettext("By rule"), gettext("Result")]
    return _table(heads, [_row(each) for each in found])


def _row(each: Tried) -> list[str]:
    result = gettext("✓ as expected") if each.passed else gettext("✗ not as expected")
    return [
        said(each.row), place_in_words(each.row.team, each.row.queue), place_name(each.settled.place),
        each.settled.rule, result,
    ]  # fmt: skip


def problems(found: Sequence[Problem], text: str) -> dict[str, Any]:
    """What speaks against it, beside the line it is about."""
    lines = text.splitlines()
    heads = [gettext("Line"), gettext("What stands there"), gettext("What is wrong")]
    return _table(heads, [_problem(each, lines) for each in found])


def _problem(each: Problem, lines: Sequence[str]) -> list[Any]:
    known = each.line is not None and 0 < each.line <= len(lines)
    there = "\n".join(lines[each.line - 1 : each.line + 1]) if known and each.line else ""
    return [
        str(each.line) if each.line else gettext("whole text"),
        Markup('<code dir="ltr">{}</code>').format(there[:200]) if there else "",
        str(each),
    ]


def versions(city: City, found: Sequence[Version], when: When) -> dict[str, Any]:
    """Every version, the newest first; the built-in rules stand at the end."""
    heads = [
        gettext("Version"),
        gettext("Name"),
        gettext("Holds from"),
        gettext("Written by"),
        gettext("Approved by"),
    ]
    built_in = [_link("versions/0", "0"), gettext("Built-in rules"), gettext("the beginning"), "", ""]
    return _table(heads, [*[_version(city, each, when) for each in found], built_in])


def _version(city: City, each: Version, when: When) -> list[Any]:
    return [
        _link(f"versions/{each.version}", str(each.version)),
        each.name,
        when(each.valid_from),
        _person(city, each.author, each.author_organisation),
        _person(city, each.approver, each.approver_organisation),
    ]


def drafts(city: City, found: Sequence[Draft], when: When) -> dict[str, Any]:
    """What is being written."""
    heads = [gettext("Draft"), gettext("State"), gettext("Written by"), gettext("Last changed")]
    return _table(
        heads,
        [
            [
                _link(f"drafts/{each.id}", title(each.text)),
                state(each.state),
                _person(city, each.author, each.author_organisation),
                when(each.updated_at),
            ]
            for each in found
        ],
    )


def _link(to: str, label: str) -> Markup:
    return Markup('<a href="{}{}">{}</a>').format(ROOT, to, label)


def _person(city: City, name: str, organisation: str | None) -> str:
    return f"{name}, {words.organisation(city, organisation)}" if organisation else name


def title(text: str) -> str:
    """What a draft calls itself, as far as it can be read by now."""
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "name" and value.strip(" \"'"):
            return value.strip(" \"'")[:120]
    return gettext("without a name")


def state(code: str) -> str:
    """The state of a draft."""
    return {
        "draft": gettext("being written"), "proposed": gettext("waits for approval"),
        "published": gettext("published"), "withdrawn": gettext("withdrawn"),
    }.get(code, code)  # fmt: skip


def changes(result: Mapping[str, Any]) -> dict[str, Any]:
    """The first concerns that would have gone elsewhere."""
    heads = [gettext("Case"), gettext("Went to"), gettext("Would go to"), gettext("By rule")]
    told = result["changed"]
    return _table(heads, [[each["reference"], each["before"], each["after"], each["rule"]] for each in told])


def loads(result: Mapping[str, Any], bar: Callable[..., Any]) -> dict[str, Any]:
    """Who would own how many, as figures and as a bar against what they owned."""
    found = result["loads"]
    top = max([each[name] for each in found for name in ("before", "after")], default=1)
    heads = [gettext("Who or where"), gettext("Owned"), gettext("Would own"), gettext("Most at once")]
    columns = [{"label": heads[0]}] + [{"label": head, "kind": "number"} for head in heads[1:]]
    return {
        "columns": [*columns, {"label": gettext("Would own, and owned"), "kind": "bar"}],
        "rows": [_load(each, top, bar) for each in found],
    }


def _load(each: Mapping[str, Any], top: int, bar: Callable[..., Any]) -> list[Any]:
    words_ = gettext("would own %(after)s, owned %(before)s", after=each["after"], before=each["before"])
    highest = "" if each["highest"] is None else each["highest"]
    return [
        each["place"], each["before"], each["after"], highest,
        bar(each["after"], top, each["before"], words_),
    ]  # fmt: skip
