"""Whatever is told and whoever is there: no complaint reaches the police, one owner, the same again."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.decision import decide, wants_partner
from services.routing.domain.facts import Facts
from services.routing.domain.ownership import Standing, may_own
from tests.unit.routing.city import CATEGORIES, KINDS, TEAMS, directory, person, staffing

TOLD = st.builds(
    Facts,
    kind=st.sampled_from(["concern", "suggestion", "thanks"]),
    category=st.sampled_from(sorted(CATEGORIES)) | st.text(max_size=8),
    district=st.none() | st.sampled_from(["1", "2", "9"]) | st.text(max_size=3),
    language=st.sampled_from(["en", "es"]),
    channel=st.sampled_from(["web", "sms"]),
    names_person=st.booleans(),
    preferred_partner=st.sampled_from(["police", "partner", "either"]),
    partner=st.none() | st.sampled_from(["lantern", "puente", "police", "fair", "nobody"]),
    quarantine=st.none() | st.just("blank"),
)
CODES = [team.code for team in TEAMS]
PEOPLE = st.lists(
    st.builds(
        lambda number, team, active, available: person(number, team, active=active, available=available),
        st.integers(1, 12), st.sampled_from(CODES), st.booleans(), st.booleans(),
    ),
    max_size=12, unique_by=lambda each: each.id,
)  # fmt: skip
LOADS = st.lists(st.integers(0, 3), min_size=13, max_size=13)
ASIDE = st.sets(st.integers(1, 12), max_size=6)
CITY = directory()


def at_work(people, loads, aside):
    counted = {each.id: loads[each.id.int] for each in people}
    return staffing(*people, loads=counted, excluded={each.id: "unit" for each in people if each.id.int in aside})


@settings(max_examples=400)
@given(TOLD, PEOPLE, LOADS, ASIDE)
def test_a_guarded_concern_never_reaches_the_police(told, people, loads, aside):
    certificate = decide(told, CITY, at_work(people, loads, aside))
    if CITY.is_guarded(told) or told.preferred_partner == "partner" or told.quarantine:
        assert KINDS[certificate.organisation] != "police"
        owners = [each for each in people if each.id == certificate.owner_id]
        assert all(KINDS[each.team if each.team in KINDS else "fair"] != "police" for each in owners)
        assert certificate.team is None or not certificate.team.startswith(("north", "every"))


@given(TOLD, st.sampled_from(["liaison", "supervisor"]))
def test_nor_may_anybody_give_it_to_the_police_by_hand(told, role):
    kept_from_police = CITY.is_guarded(told) or wants_partner(told)
    assert may_own(told, CITY, Standing(role=role, organisation="police")) is not kept_from_police
    assert may_own(told, CITY, Standing(role="oversight", organisation="fair"))


@settings(max_examples=400)
@given(TOLD, PEOPLE, LOADS, ASIDE)
def test_there_is_always_one_owner_or_one_queue(told, people, loads, aside):
    certificate = decide(told, CITY, at_work(people, loads, aside))
    assert (certificate.owner_id is None) != (certificate.queue is None)
    assert (certificate.state == "assigned") == (certificate.owner_id is not None)
    if certificate.owner_id is not None:
        owner = next(each for each in people if each.id == certificate.owner_id)
        assert owner.active
        assert owner.available
        assert owner.id.int not in aside
        assert owner.team == certificate.team
        kept = [each for each in certificate.candidates if each.kept]
        assert min(each.open_cases for each in kept) == loads[owner.id.int]
    else:
        assert certificate.queue in {"front-desk", "triage", "puente-desk", "oversight"}


@given(TOLD, PEOPLE, LOADS, ASIDE, st.randoms())
def test_the_same_facts_give_the_same_certificate(told, people, loads, aside, random):
    first = decide(told, CITY, at_work(people, loads, aside)).as_data()
    mixed = list(people)
    random.shuffle(mixed)
    again = decide(told, directory(), at_work(mixed, loads, aside)).as_data()
    assert json.dumps(first) == json.dumps(again)
