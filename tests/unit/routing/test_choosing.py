"""Who of a team it is: language, skill, shift, cap, continuity, weighted load, and ties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.choosing import OF_THE_PERSON
from services.routing.domain.decision import decide
from services.routing.domain.facts import POLICE, Queue
from services.routing.domain.rules import read
from tests.unit.routing.city import KINDS, QUEUES, directory, facts, person, staffing
from tests.unit.routing.rules.documents import document
from tests.unit.routing.test_decision_properties import PEOPLE, TOLD

CITY = directory()
ASH, BIRCH = person(1, languages=("en",)), person(2, languages=("es", "en"))


def decided(told, *people, city=CITY, rules=None, **more):
    return decide(told, city, staffing(*people, **more), rules)


def test_who_reads_the_language_gets_it_whatever_the_load():
    certificate = decided(facts(language="es-MX"), ASH, BIRCH, loads={BIRCH.id: 9})
    assert certificate.owner_id == BIRCH.id
    assert [each.reason for each in certificate.candidates] == ["language", "eligible"]


def test_a_language_nobody_reads_waits_with_the_translators_first():
    translators = Queue(code="translators", organisation="lantern", name="the translators")
    city = directory(queues=(*QUEUES, translators))
    certificate = decided(facts(language="ht"), ASH, BIRCH, city=city)
    assert (certificate.queue, certificate.rule) == ("translators", "no_reader")
    assert "nobody there reads ht" in certificate.sentence
    assert decided(facts(language="ht"), ASH, BIRCH).owner_id == ASH.id  # a city without translators
    assert decided(facts(language="ht"), person(3), city=city).owner_id  # nobody has said what she reads


def test_translators_of_the_police_never_read_what_is_for_the_partner():
    city = directory(queues=(*QUEUES, Queue(code="translators", organisation="police", name="the translators")))
    listener = person(3, "lantern", languages=("en",))
    certificate = decided(facts(language="ht", preferred_partner="partner"), listener, city=city)
    assert certificate.owner_id == listener.id


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"on_shift": False}, "off_shift"), ({"cap": 2}, "full"), ({"available": False}, "away"),
        ({"active": False}, "inactive"),
    ],
)  # fmt: skip
def test_who_cannot_take_it_is_left_out_with_the_reason(more, reason):
    other = person(3, **more)
    certificate = decided(facts(), ASH, other, loads={ASH.id: 7, other.id: 2})
    assert certificate.owner_id == ASH.id
    assert [each.reason for each in certificate.candidates] == ["eligible", reason]


def test_a_rule_may_ask_for_a_skill():
    rules = read(
        document(
            '[[rule]]\ncode = "talks"\nwhen = { category = "noise" }\nthen = { team = "north", skill = "talk" }\n'
        )
    ).rules
    able = person(3, skills=("talk",))
    certificate = decided(facts(), ASH, able, rules=rules, loads={able.id: 5})
    assert (certificate.owner_id, certificate.rule, certificate.rules) == (able.id, "talks", "Trial")
    assert certificate.as_data()["skill"] == "talk"
    assert decided(facts(), ASH, rules=rules).queue == "front-desk"


def test_the_load_is_weighed_by_the_share_of_the_work():
    half = person(3, weight=50)
    assert decided(facts(), ASH, half, loads={ASH.id: 5, half.id: 3}).owner_id == ASH.id
    assert decided(facts(), ASH, half, loads={ASH.id: 5, half.id: 2}).owner_id == half.id
    assert decided(facts(), ASH, half, loads={ASH.id: 6, half.id: 3}).owner_id == ASH.id  # a tie goes by login


def test_who_knows_the_resident_comes_before_who_has_least_to_do():
    certificate = decided(facts(), ASH, BIRCH, loads={BIRCH.id: 9}, continuity=BIRCH.id)
    assert certificate.owner_id == BIRCH.id
    assert "has answered this resident before" in certificate.sentence
    away = person(2, available=False)
    assert decided(facts(), ASH, away, continuity=away.id).owner_id == ASH.id


def test_an_exclusion_outranks_continuity_and_the_only_reader():
    certificate = decided(facts(language="es"), ASH, BIRCH, continuity=BIRCH.id, excluded={BIRCH.id: "named"})
    assert (certificate.owner_id, certificate.queue, certificate.organisation) == (None, "oversight", "fair")
    assert [each.reason for each in certificate.candidates] == ["language", "named"]


WITH_MORE = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from([(), ("en",), ("es",)]), st.sampled_from([None, 1]),
        st.sampled_from([50, 100]), st.sampled_from([None, None, "named", "chain"]),
    ),
    min_size=13, max_size=13,
)  # fmt: skip


@settings(max_examples=400)
@given(TOLD, PEOPLE, WITH_MORE, st.lists(st.integers(0, 3), min_size=13, max_size=13), st.integers(0, 12))
def test_whoever_is_there_the_owner_may_have_it_and_has_the_least(told, people, more, loads, known):
    people = [
        person(
            each.id.int, each.team, active=each.active, available=each.available,
            on_shift=more[each.id.int][0], languages=more[each.id.int][1], cap=more[each.id.int][2],
            weight=more[each.id.int][3],
        )
        for each in people
    ]  # fmt: skip
    excluded = {each.id: reason for each in people if (reason := more[each.id.int][4])}
    by_id = {each.id: each for each in people}
    continuity = next((each.id for each in people if each.id.int == known), None)
    at_work = staffing(
        *people, loads={each.id: loads[each.id.int] for each in people}, excluded=excluded, continuity=continuity
    )
    certificate = decide(told, CITY, at_work)
    if certificate.owner_id is None:
        left_out = {each.reason for each in certificate.candidates} - set(OF_THE_PERSON)
        assert not left_out or KINDS[certificate.organisation] != POLICE
        return
    owner = by_id[certificate.owner_id]
    assert owner.active and owner.available and owner.on_shift and owner.id not in excluded
    assert owner.cap is None or loads[owner.id.int] < owner.cap
    kept = [each for each in certificate.candidates if each.kept]
    if continuity in {each.id for each in kept}:
        assert owner.id == continuity
    else:
        assert (loads[owner.id.int] / owner.weight, owner.login) == min(
            (each.open_cases / each.weight, each.login) for each in kept
        )
