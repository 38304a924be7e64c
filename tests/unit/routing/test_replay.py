"""A certificate made again from what is kept of its decision is the same, byte by byte."""

import json
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.certificate import for_resident, sentences, without_excluded
from services.routing.domain.decision import decide
from services.routing.domain.replay import replayed
from services.routing.domain.snapshots import arranged, arrangement, canonical, digest, roster_data, roster_of
from tests.unit.routing.city import directory, facts, person, staffing
from tests.unit.routing.rules.test_checks import FACTS, rule_sets
from tests.unit.routing.test_decision_properties import ASIDE, LOADS, PEOPLE, TOLD, at_work

CITY = directory()
LOADED = {UUID(int=1): 4, UUID(int=2): 3}


def kept(value):
    """As a database gives it back: JSON, its keys in any order."""
    return json.loads(json.dumps(value, sort_keys=True))


@settings(max_examples=300)
@given(TOLD | FACTS, PEOPLE, LOADS, ASIDE, st.none() | rule_sets())
def test_replaying_gives_the_same_bytes(told, people, loads, aside, rules):
    staff = at_work(people, loads, aside)
    first = decide(told, CITY, staff, rules).as_data()
    again = replayed(
        kept(first), arranged(kept(arrangement(CITY))), roster_of(kept(roster_data(staff.roster))), rules
    )
    assert canonical(again) == canonical(kept(first))


@pytest.mark.parametrize(
    "more", [{"excluded": {UUID(int=1): "named"}}, {"continuity": UUID(int=2)}, {"loads": LOADED}]
)
def test_loads_exclusions_and_who_is_known_are_kept_too(more):
    staff = staffing(person(1), person(2), **more)
    first = decide(facts(), CITY, staff).as_data()
    assert first["owner_id"] == str(UUID(int=2))
    assert canonical(replayed(kept(first), CITY, staff.roster, None)) == canonical(first)


def test_another_roster_load_or_rule_shows():
    ash, birch = person(1), person(2)
    first = decide(facts(), CITY, staffing(ash, birch, loads={birch.id: 1})).as_data()
    assert first["owner_id"] == str(ash.id)
    away = staffing(person(1, available=False), birch)
    assert canonical(replayed(first, CITY, away.roster, None)) != canonical(first)
    tampered = first | {"owner_id": str(birch.id)}
    assert canonical(replayed(tampered, CITY, staffing(ash, birch).roster, None)) != canonical(tampered)


def test_a_digest_is_of_the_value_not_of_its_spelling():
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
    assert arrangement(arranged(kept(arrangement(CITY)))) == arrangement(CITY)


def test_the_certificate_in_sentences():
    ash, birch, aside = person(1), person(2, languages=("es",)), person(3)
    whole = decide(facts(), CITY, staffing(ash, birch, aside, excluded={aside.id: "chain"})).as_data()
    said = sentences(whole)
    assert said[1] == "Rule category_and_district of the built-in rules decided."
    assert "Person 2 does not read the language; open cases: 0." in said
    assert "Person 3 is kept from it; open cases: 0." in said
    assert not [line for line in sentences(without_excluded(whole)) if "Person 3" in line or "Person 2" in line]


def test_who_answered_before_is_not_told_when_she_is_excluded():
    ash, aside = person(1), person(3)
    whole = decide(facts(), CITY, staffing(ash, aside, excluded={aside.id: "named"}, continuity=aside.id)).as_data()
    assert whole["continuity"] == str(aside.id)
    assert str(aside.id) not in json.dumps(without_excluded(whole))


def test_one_plain_sentence_for_the_resident():
    ash = person(1)
    assert for_resident(decide(facts(), CITY, staffing(ash)).as_data()).endswith("in district 1.")
    assert "reads it first" in for_resident(decide(facts("force"), CITY, staffing(ash)).as_data())
    listener = person(3, "lantern")
    asked = decide(facts(preferred_partner="partner"), CITY, staffing(listener)).as_data()
    assert "community partner" in for_resident(asked)
