"""People, badges and units are found as residents write them."""

from uuid import UUID

import pytest

from services.routing.domain.walls import FOUND, ORGANISATION, PERSON, UNIT, Roster, Staff

VANCE, NUNEZ, MAU, PETROV, WANG, ROSE, NAMESAKE, ASH, BENCH = (UUID(int=n) for n in range(1, 10))
ROSTER = Roster(
    [
        Staff(id=VANCE, name="Jordan P. Vance", aliases=("Big J",), badge="A-101", unit="Harbour District Desk"),
        Staff(id=NUNEZ, name="María-José Núñez", badge="4477", unit="K9"),
        Staff(id=MAU, name="Linden Mẫu"),
        Staff(id=PETROV, name="Иван Петров", aliases=("Ваня",)),
        Staff(id=WANG, name="王小明"),
        Staff(id=ROSE, name="Ella Rose"),
        Staff(id=NAMESAKE, name="Kim Vance"),
        Staff(id=ASH, name="Ash"),
        Staff(id=BENCH, name="Laurel Bench", by_surname=False),
    ],
    titles=["officer", "sgt", "capitán", "número uno"],
    badge_words=["badge", "número de placa", "placa"],
    units={"Harbour District Desk": ["harbor precinct"]},
    organisations={"lantern": ["Lantern House"]},
)


def people(text, **more):
    return {each.person for each in ROSTER.found_in(text, **more) if each.kind == PERSON}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("it was Jordan Vance", VANCE),
        ("it was JORDAN VANCE!", VANCE),
        ("jordan p. vance did it", VANCE),
        ("jordan peter vance did it", VANCE),
        ("Vance, Jordan, that one", VANCE),
        ("j. vance wrote it", VANCE),
        ("they call him big J around here", VANCE),
        ("Officer JV took it", VANCE),
        ("officer J.V. took it", VANCE),
        ("the badge said a101", VANCE),
        ("the one with A-101 on it", VANCE),
        ("maria jose nunez", NUNEZ),
        ("María José Núñez’s car", NUNEZ),
        ("la capitan nunez", NUNEZ),
        ("badge no. 4477", NUNEZ),
        ("número de placa: 4477", NUNEZ),
        ("linden mau", MAU),
        ("Linden MẪU", MAU),
        ("ivan petrov", PETROV),
        ("Иван Петров кричал", PETROV),
        ("ваня кричал", PETROV),
        ("那个王小明打我", WANG),
        ("Officer Ella was there", ROSE),
        ("officer ash", ASH),
    ],
)
def test_somebody_is_found(text, who):
    assert people(text) == {who}


@pytest.mark.parametrize(
    "text",
    [
        "I rose early and saw an ash tree", "vance", "4477 people came", "a rose for ella",
        "the house at 101 A Street",
        "jordan said that nobody told vance", "badge 99", "", "officer", "no. 4477",
    ],
)  # fmt: skip
def test_nobody_is_found(text):
    assert people(text) == set()


def test_a_title_with_a_shared_surname_is_anybody_who_bears_it():
    assert people("Officer Vance pushed me") == {VANCE, NAMESAKE}
    assert people("Officer Jordan Vance pushed me") == {VANCE}


def test_whoever_answers_such_texts_is_meant_only_by_more_than_a_surname():
    assert people("they hit me by the bench", wary=True) == set()
    assert people("laurel bench hung up", wary=True) == {BENCH}
    assert {each.key for each in ROSTER.named([{"name": "Bench"}])} == {str(BENCH)}


def test_where_police_are_told_of_anyhow_a_surname_is_enough():
    assert people("nunez pushed me", wary=True) == {NUNEZ}
    assert people("jordan vance pushed me, vance did", wary=True) == {VANCE}


@pytest.mark.parametrize("text", ["the harbour district DESK", "at Harbor Precinct", "Harbour  District-Desk"])
def test_units_are_found_by_all_their_names(text):
    assert {(each.kind, each.key, each.source) for each in ROSTER.found_in(text)} == {
        (UNIT, "harbour district desk", FOUND)
    }


def test_organisations_are_found_by_their_labels():
    assert {(each.kind, each.key) for each in ROSTER.found_in("Lantern  house never called")} == {
        (ORGANISATION, "lantern")
    }


@pytest.mark.parametrize(
    ("entry", "keys"),
    [
        ({"name": "vance"}, {str(VANCE), str(NAMESAKE)}),
        ({"name": "Jordan Vance"}, {str(VANCE)}),
        ({"name": "JV"}, {str(VANCE)}),
        ({"name": "ella"}, {str(ROSE)}),
        ({"badge": "4477"}, {str(NUNEZ)}),
        ({"badge": " a 101", "name": None}, {str(VANCE)}),
        ({"unit": "k9"}, {"k9"}),
        ({"unit": "lantern"}, {"lantern"}),
        ({"name": "somebody else", "badge": "12", "unit": "x"}, set()),
        ({}, set()),
    ],
)
def test_what_is_named_outright_is_looked_up_generously(entry, keys):
    assert {each.key for each in ROSTER.named([entry])} == keys


def test_an_empty_roster_finds_nothing():
    assert not Roster([]).found_in("officer Jordan Vance, badge A-101, Lantern House")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("part", ["badge ", "officer ", "a-1", "vance ", "é", "badge no. # "])
def test_hostile_texts_cost_little(part):
    ROSTER.found_in((part * 10_000)[:10_000], wary=True)
