"""The rules a city has before anybody wrote some: made from how the city pack arranges teams and queues."""

from services.routing.domain.directory import Directory
from services.routing.domain.rules.coverage import Reach
from services.routing.domain.rules.matching import YES
from services.routing.domain.rules.values import (
    COVERING,
    OVERSIGHT_QUEUE,
    PARTNER_QUEUE,
    PARTNER_TEAM,
    POLICE_QUEUE,
    Conditions,
    Expectation,
    Outcome,
    Rule,
    RuleSet,
)

NAME = "built-in"
VERSION = 0


def built_in(directory: Directory) -> RuleSet:
    """The same for the same city, worked out once for a directory."""
    return directory.once(NAME, _made)


def _made(directory: Directory) -> RuleSet:
    """Without the rules that could never match in this city."""
    reach = Reach.of(directory, RULES)
    rules = tuple(rule for rule in RULES if reach.witness(rule) is not None)
    return RuleSet(version=VERSION, name=NAME, rules=rules, expected=_expected(directory))


def _rule(code: str, then: Outcome, because: str = "", **wanted: str) -> Rule:
    when = Conditions({name: frozenset((value,)) for name, value in wanted.items()})
    return Rule(code=code, when=when, then=then, because=because)


WHY_GUARDED = "What it is about, or whom it names, is never given to a police team"
RULES = (
    _rule(
        "guarded_for_partner",
        Outcome(queue=PARTNER_QUEUE),
        f"{WHY_GUARDED}, and the resident asked for the partner",
        guarded=YES,
        preferred_partner="partner",
    ),
    _rule("guarded", Outcome(queue=OVERSIGHT_QUEUE), WHY_GUARDED, guarded=YES),
    _rule(
        "asked_for_partner",
        Outcome(team=PARTNER_TEAM),
        "The resident asked for the partner; {place} answers for it",
        wants_partner=YES,
    ),
    _rule(
        "no_partner_team",
        Outcome(queue=PARTNER_QUEUE),
        "The resident asked for a partner, and no team fits",
        wants_partner=YES,
    ),
    _rule("category_and_district", Outcome(team=COVERING)),
    # The front desk belongs to the police; guarded concerns never come this far.
    _rule("no_team", Outcome(queue=POLICE_QUEUE), "No team covers this category and district"),
)


def _expected(directory: Directory) -> tuple[Expectation, ...]:
    """A guarded concern of each category belongs to oversight: a row that every draft begins with."""
    return tuple(
        Expectation(given={"category": category}, queue=OVERSIGHT_QUEUE)
        for category in sorted(directory.guarded & directory.categories)
    )
