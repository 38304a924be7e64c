"""Letting the rules choose an owner anew for a case that is being changed."""

from sqlalchemy import select

from services.routing.domain.certificate import Certificate
from services.routing.domain.facts import Facts
from services.routing.domain.rules import RuleSet
from services.routing.handlers.casework.work import Work
from services.routing.handlers.deciding import SILENCE, TOLD, Bench, Heard, facts_of, owners_before
from services.routing.models import messages
from services.routing.queries.staffing import excluded_from
from shared.sealing import CannotUnseal


def choose(work: Work) -> Certificate:
    """A certificate under the rules in force, without those the case must not reach."""
    bench = Bench(work.tx, work.office)
    made = bench.decide(
        _facts(work, bench.rules),
        excluded_from(work.tx.conn, work.case["id"]),
        owners_before(work.tx.conn, [work.case["resident"]], besides=work.case["id"]).get(work.case["resident"]),
    )
    work.case["priority"] = made.outcome.priority
    return made


def _facts(work: Work, rules: RuleSet) -> Facts:
    """What is known of the case; its story is opened only where the rules look for words."""
    story = _first_words(work) if rules.keywords or rules.units else SILENCE
    return facts_of(work.case, work.case["received_at"], story, rules, work.office.city.time_zone)


def _first_words(work: Work) -> Heard:
    c = messages.c
    opening = select(c.sealed).where(c.case_id == work.case["id"], c.kind == "opening")
    try:
        told = work.key.unseal(work.tx.conn.execute(opening).scalar_one(), TOLD)
    except CannotUnseal:
        return SILENCE
    assert isinstance(told, dict)
    return Heard.of(told)
