"""Whom a case is closed to, rule by rule, and what holds for every chart."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.walls import (
    DECLARED,
    ORGANISATION,
    PERSON,
    UNIT,
    Post,
    Subject,
    chart_at,
    excluded_people,
    goes_outside,
)
from services.routing.domain.walls.exclusions import LIFTABLE

OFFICER, PARTNER_OF, SERGEANT, CAPTAIN, CHIEF, ELSEWHERE, HELPER = (UUID(int=n) for n in range(1, 8))
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def post(person, unit=None, reports_to=None, organisation="police", since=None):
    return Post(person=person, unit=unit, reports_to=reports_to, organisation=organisation, since=since)


CHART = {
    each.person: each
    for each in (
        post(OFFICER, "Harbour Desk", SERGEANT),
        post(PARTNER_OF, "harbour  desk", SERGEANT),
        post(SERGEANT, "Sergeants", CAPTAIN),
        post(CAPTAIN, "Captains", CHIEF),
        post(CHIEF),
        post(ELSEWHERE, "Orchard Desk", CAPTAIN),
        post(HELPER, organisation="lantern"),
    )
}


def about(person, **more):
    return Subject(PERSON, str(person), **more)


def excluded(*subjects, charts=(CHART,), depth=2, **more):
    return excluded_people(subjects, charts, depth, **more)


def test_the_person_the_unit_and_the_chain_are_closed_out():
    assert excluded(about(OFFICER)) == {
        OFFICER: "named", PARTNER_OF: "unit", SERGEANT: "chain", CAPTAIN: "chain",
    }  # fmt: skip


def test_the_chain_is_as_long_as_the_city_says():
    assert CHIEF in excluded(about(OFFICER), depth=3)
    assert set(excluded(about(OFFICER), depth=0)) == {OFFICER, PARTNER_OF}


def test_a_named_unit_closes_out_its_people_and_those_above_them():
    assert excluded(Subject(UNIT, "harbour desk")) == {
        OFFICER: "unit", PARTNER_OF: "unit", SERGEANT: "chain", CAPTAIN: "chain",
    }  # fmt: skip


def test_a_named_organisation_closes_out_everybody_in_it():
    assert excluded(Subject(ORGANISATION, "lantern")) == {HELPER: "organisation"}


def test_a_witness_or_relative_is_out_alone():
    assert excluded(about(OFFICER, source=DECLARED, relation="witness")) == {OFFICER: "declared"}
    assert excluded(declared={ELSEWHERE}) == {ELSEWHERE: "declared"}


def test_whoever_moved_is_out_by_the_old_place_and_the_new():
    moved = CHART | {OFFICER: post(OFFICER, "Orchard Desk", CHIEF)}
    assert set(excluded(about(OFFICER), charts=(CHART, moved), depth=1)) == {
        OFFICER, PARTNER_OF, SERGEANT, ELSEWHERE, CHIEF,
    }  # fmt: skip


def test_a_step_known_from_one_chart_goes_on_in_the_other():
    later = {SERGEANT: post(SERGEANT, reports_to=CHIEF)}
    assert CHIEF in excluded(about(OFFICER), charts=({OFFICER: CHART[OFFICER]}, later), depth=2)


def test_oversight_may_readmit_the_near_but_never_the_named_or_who_stepped_aside():
    lifted = excluded(about(OFFICER), recused={HELPER}, readmitted={OFFICER, PARTNER_OF, SERGEANT, HELPER})
    assert lifted == {OFFICER: "named", CAPTAIN: "chain", HELPER: "recused"}


def test_posts_hold_from_their_moment_and_the_first_before_it():
    first, second = post(OFFICER, "A", since=NOW), post(OFFICER, "B", since=NOW + timedelta(days=2))
    held = {OFFICER: [first, second]}
    for days, unit in ((-9, "A"), (0, "A"), (1, "A"), (2, "B"), (9, "B")):
        assert chart_at(held, NOW + timedelta(days=days))[OFFICER].unit == unit


@pytest.mark.parametrize(
    ("subject", "out"),
    [
        (about(CHIEF), True), (about(ELSEWHERE), True), (Subject(UNIT, "orchard desk"), True),
        (about(OFFICER), False), (Subject(UNIT, "harbour desk"), False), (about(CHIEF, relation="witness"), False),
    ],
)  # fmt: skip
def test_the_chief_and_the_liaisons_own_unit_are_judged_outside(subject, out):
    assert goes_outside([subject], [CHART], {CHIEF}, {"orchard desk"}) is out


PEOPLE = [UUID(int=n) for n in range(8)]
UNITS = ["a", "b", "c"]
people = st.sampled_from(PEOPLE)
charts = st.dictionaries(
    people, st.tuples(st.sampled_from([*UNITS, None]), st.one_of(people, st.none())), min_size=1
).map(lambda made: {who: post(who, unit, boss, "x") for who, (unit, boss) in made.items()})
subjects = st.sets(
    st.one_of(
        people.map(about),
        st.sampled_from(UNITS).map(lambda unit: Subject(UNIT, unit)),
        people.map(lambda who: about(who, relation="relative")),
    ),
    max_size=3,
)
several = st.lists(charts, min_size=1, max_size=3)
depths = st.integers(0, 4)


@settings(max_examples=300)
@given(subjects, several, depths)
def test_it_is_what_a_slow_look_at_everybody_gives(about_whom, known, depth):
    assert set(excluded_people(about_whom, known, depth)) == {
        who for who in PEOPLE if _slowly(who, about_whom, known, depth)
    }


def _slowly(who, about_whom, known, depth):
    named = {each.person for each in about_whom if each.kind == PERSON and each.relation == "about"}
    units = {each.key for each in about_whom if each.kind == UNIT}
    posts = [chart[p] for chart in known for p in chart]
    inside = {p.person for p in posts if p.unit in units}
    beside = {p.person for p in posts if p.unit in units | {q.unit for q in posts if q.person in named} - {None}}
    return (
        any(each.person == who for each in about_whom if each.kind == PERSON)
        or who in beside
        or any(_climbs(start, who, posts, depth) for start in named | inside)
    )


def _climbs(start, who, posts, depth):
    bosses = {p.reports_to for p in posts if p.person == start} - {None}
    return depth > 0 and (who in bosses or any(_climbs(boss, who, posts, depth - 1) for boss in bosses))


@given(subjects, several, depths, charts, st.sets(people))
def test_more_knowledge_never_opens_a_wall(about_whom, known, depth, another, recused):
    before = excluded_people(about_whom, known, depth, recused=recused).keys()
    assert before <= excluded_people(about_whom, [*known, another], depth, recused=recused).keys()
    assert before <= excluded_people(about_whom, known, depth + 1, recused=recused).keys()
    assert recused <= before


@given(subjects, several, depths, st.sets(people), st.sets(people))
def test_readmission_opens_what_may_be_opened_and_nothing_else(about_whom, known, depth, recused, readmitted):
    closed = excluded_people(about_whom, known, depth, recused=recused)
    still = excluded_people(about_whom, known, depth, recused=recused, readmitted=readmitted)
    opened = {who for who, reason in closed.items() if who in readmitted and reason in LIFTABLE}
    assert still == {who: reason for who, reason in closed.items() if who not in opened}
