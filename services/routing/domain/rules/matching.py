"""Whether a rule fits a concern; and what the rules look for in its words."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from services.routing.domain.directory import Directory
from services.routing.domain.facts import Facts
from services.routing.domain.rules.values import NONE, Conditions, Rule, RuleSet
from services.routing.domain.rules.week import within

YES, NO = "yes", "no"


def first_match(rules: RuleSet, facts: Facts, directory: Directory) -> Iterable[Rule]:
    """The rules that fit, in their order; the caller takes the first whose place exists for this concern."""
    traits = traits_of(facts, directory)
    return (rule for rule in rules.rules if fits(rule.when, traits, facts))


def fits(when: Conditions, traits: Mapping[str, frozenset[str]], facts: Facts) -> bool:
    """Whether the concern is as asked for, in everything that is asked for."""
    for name, values in when.asked:
        if traits[name].isdisjoint(values):
            return False
    return not when.windows or (facts.told_at is not None and within(when.windows, _moment(facts.told_at)))


def _moment(told_at: str) -> datetime:
    return datetime.fromisoformat(told_at)


def traits_of(facts: Facts, directory: Directory) -> Mapping[str, frozenset[str]]:
    """The concern in the words of conditions; a language has its base language as well."""
    return {
        "category": frozenset((facts.category,)),
        "kind": frozenset((facts.kind,)),
        "about": frozenset((facts.about or NONE,)),
        "district": frozenset((facts.district or NONE,)),
        "language": frozenset((facts.language, facts.language.partition("-")[0])),
        "channel": frozenset((facts.channel,)),
        "preferred_partner": frozenset((facts.preferred_partner,)),
        "partner": frozenset((facts.partner or NONE,)),
        "keywords": frozenset(facts.keywords),
        "named_unit": frozenset(facts.named_units),
        "guarded": _answer(directory.is_guarded(facts)),
        "names_person": _answer(facts.names_person),
        "wants_partner": _answer(wants_partner(facts)),
    }


_ANSWERS = {True: frozenset((YES,)), False: frozenset((NO,))}


def _answer(holds: bool) -> frozenset[str]:
    return _ANSWERS[holds]


def wants_partner(facts: Facts) -> bool:
    """Whether the resident asked for the community partner, or came through one without asking for the police."""
    return facts.preferred_partner == "partner" or (
        facts.partner is not None and facts.preferred_partner == "either"
    )


def keywords_in(text: str, keywords: Iterable[str]) -> tuple[str, ...]:
    """Those of the keywords that stand in the text as words of their own, whatever their case."""
    plain = " ".join(text.casefold().split())
    return tuple(sorted(word for word in keywords if _pattern(word).search(plain)))


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    written = re.escape(" ".join(word.casefold().split()))
    return re.compile(rf"(?<!\w){written}(?!\w)")


def units_in(named: Iterable[str], units: Iterable[str]) -> tuple[str, ...]:
    """Those of the units that were named, whatever their case and spaces."""
    plain = {" ".join(unit.casefold().split()) for unit in named}
    return tuple(sorted(unit for unit in units if " ".join(unit.casefold().split()) in plain))
