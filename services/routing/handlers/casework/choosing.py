"""Letting the rules choose an owner anew for a case that is being changed."""

from services.routing.domain.certificate import Certificate
from services.routing.domain.facts import Facts
from services.routing.domain.rules import RuleSet
from services.routing.handlers.casework.closing import charts, is_for_outside, moments
from services.routing.handlers.casework.told import first_words
from services.routing.handlers.casework.work import Work
from services.routing.handlers.deciding import SILENCE, Bench, Heard, facts_of, owners_before
from services.routing.queries.staffing import excluded_from
from services.routing.queries.walls import all_posts, standing_subjects


def choose(work: Work) -> Certificate:
    """A certificate under the rules in force, with everybody who is behind the wall left out."""
    conn, case = work.tx.conn, work.case
    bench = Bench(work.tx, work.office)
    about = standing_subjects(conn, case["id"])
    known = charts(all_posts(conn), moments(work)) if about else ()
    made = bench.decide(
        _facts(work, bench.rules),
        excluded_from(conn, case["id"]),
        owners_before(conn, [case["resident"]], besides=case["id"]).get(case["resident"]),
        directly=is_for_outside(conn, work.office, about, known),
    )
    case["priority"] = made.outcome.priority
    return made


def _facts(work: Work, rules: RuleSet) -> Facts:
    """What is known of the case; its story is opened only where the rules look for words."""
    told = first_words(work) if rules.keywords or rules.units else None
    story = SILENCE if told is None else Heard.of(told)
    return facts_of(work.case, work.case["received_at"], story, rules, work.office.city.time_zone)
