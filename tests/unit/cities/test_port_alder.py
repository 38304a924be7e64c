"""The demo city pack: complete, bilingual, and true to the outlines it carries."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.routing.office import directory_of
from shared.cities import ALWAYS_GUARDED, City, label, load

PACK = Path(__file__).parents[3] / "cities" / "port-alder"
COMPLAINTS = Path(__file__).parents[4] / "shared" / "data" / "complaints.csv"
PRODUCT_CODES = {
    "force", "authority", "discourtesy", "language", "untruthful", "neglect", "traffic", "safety", "noise",
    "harassment", "discrimination", "retaliation", "follow-up", "suggestion", "thanks", "unsure",
}  # fmt: skip


@pytest.fixture(scope="module")
def city() -> City:
    return load(PACK)


def test_it_offers_every_category_of_the_product(city: City) -> None:
    assert set(city.categories) >= PRODUCT_CODES


@pytest.mark.parametrize("code", sorted(ALWAYS_GUARDED))
def test_conduct_is_guarded_and_never_public(city: City, code: str) -> None:
    assert city.categories[code].guarded
    assert not city.categories[code].publishable


@pytest.mark.parametrize("code", sorted(ALWAYS_GUARDED))
def test_conduct_is_guarded_even_if_a_category_says_otherwise(city: City, code: str) -> None:
    """Should a pack ever come past the checks, the console and the form still keep it from the police."""
    open_to_all = replace(city.categories[code], guarded=False)
    lax = replace(city, categories={**city.categories, code: open_to_all})
    assert lax.is_guarded(code)
    assert code in directory_of(lax).guarded


def test_an_unknown_category_counts_as_guarded(city: City) -> None:
    assert city.is_guarded("no-such-thing")
    assert not city.is_guarded("noise")


@pytest.mark.parametrize(
    ("category", "hours"), [("safety", 8), ("force", 24), ("unsure", 24), ("noise", 16), ("thanks", 40), ("?", 16)]
)
def test_each_category_has_one_promise(city: City, category: str, hours: int) -> None:
    assert city.policy_for(category).first_response == timedelta(hours=hours)


def test_a_promise_runs_in_the_hours_somebody_is_there(city: City) -> None:
    friday, monday = datetime(2026, 11, 20, 21, tzinfo=UTC), datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    assert city.policy_for("noise").answer_by(friday) == monday + timedelta(days=1, hours=7, minutes=30)
    assert city.policy_for("safety").answer_by(friday) == friday + timedelta(hours=8)
    thanksgiving = datetime(2026, 11, 26, 15, tzinfo=UTC)
    assert not city.calendars["office"].is_open(thanksgiving)
    assert city.calendars["office"].is_open(thanksgiving - timedelta(days=1))
    assert city.calendars["always"].is_open(thanksgiving)


@pytest.mark.parametrize(
    ("lat", "lon", "district"),
    [
        (39.9526, -75.1652, "9"),
        (39.915, -75.185, "1"),
        (39.8744, -75.2424, "77"),
        (48.85, 2.35, None),
        (0, 0, None),
    ],
)
def test_a_point_finds_its_district(city: City, lat: float, lon: float, district: str | None) -> None:
    assert city.district_at(lat, lon) == district


def test_every_outline_contains_its_own_inner_point(city: City) -> None:
    for district in city.districts.values():
        inside = district.outline.representative_point()
        assert city.district_at(inside.y, inside.x) == district.code


def test_codes_that_left_the_map_are_unknown(city: City) -> None:
    assert len(city.districts) == 22
    assert city.districts.knows("77")
    assert not any(city.districts.knows(code) for code in ("4", "23", "N/A", "", None))


def test_the_bounds_hold_every_outline(city: City) -> None:
    west, south, east, north = city.bounds
    assert -75.3 < west < east < -74.9
    assert 39.8 < south < north < 40.2


def test_every_district_has_a_police_team_with_people(city: City) -> None:
    staffed = {person.team for person in city.staff if person.role == "liaison"}
    for district in city.districts:
        teams = [team.code for team in city.teams.values() if district in team.districts]
        assert teams
        assert set(teams) <= staffed


def test_an_unknown_district_has_a_citywide_team(city: City) -> None:
    assert [t.code for t in city.teams.values() if t.organisation == "police" and not t.districts] == ["citywide"]


def test_labels_fall_back_to_the_base_language_and_then_english(city: City) -> None:
    labels = city.categories["noise"].labels
    assert [label(labels, tag) for tag in ("es", "es-MX", "vi")] == ["Ruido", "Ruido", "Noise"]
    assert city.name("es-PR") == "Puerto Aliso"


def test_there_is_a_demo_person_for_every_role(city: City) -> None:
    roles = {person.role for person in city.staff}
    assert roles == {"liaison", "partner", "supervisor", "administrator", "oversight", "auditor"}


def test_words_that_guard_are_kept_in_lower_case(city: City) -> None:
    assert "officer" in city.words["en"].titles
    for words in city.words.values():
        assert all(word == word.casefold() for word in (*words.titles, *words.badges, *words.conduct))


def test_every_classification_of_the_real_complaints_has_a_category(city: City) -> None:
    if not COMPLAINTS.exists():
        pytest.skip("the complaints are not beside this checkout")
    with COMPLAINTS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = Counter(city.category_of(row["classification"]) for row in rows)
    assert None not in found
    assert sum(found.values()) == 1800
    assert {code for code in found if not city.is_guarded(str(code))} == {"neglect"}
    assert sum(1 for row in rows if not city.districts.knows(row["district"])) == 50
