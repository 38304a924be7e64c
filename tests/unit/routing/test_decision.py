"""Who owns a concern, example by example."""

import pytest

from services.routing.domain.certificate import without_excluded
from services.routing.domain.decision import decide
from tests.unit.routing.city import QUEUES, TEAMS, directory, facts, person, staffing

CITY = directory()


def decided(told, *people, **more):
    return decide(told, CITY, staffing(*people, **more))


def test_the_least_loaded_of_the_team_owns_it():
    ash, birch = person(1), person(2)
    certificate = decided(facts(), ash, birch, loads={ash.id: 3, birch.id: 2})
    assert (certificate.owner_id, certificate.team, certificate.queue) == (birch.id, "north", None)
    assert (certificate.rule, certificate.state) == ("category_and_district", "assigned")
    assert "Person 2 has the least open work (2)" in certificate.sentence


def test_ties_go_by_login():
    zoe, abe = person(1, login="zoe"), person(2, login="abe")
    assert decided(facts(), zoe, abe).owner_id == abe.id
    assert decided(facts(), abe, zoe).owner_id == abe.id


def test_everybody_of_the_team_stands_in_the_certificate_with_a_reason():
    here, away, gone, aside = person(1), person(2, available=False), person(3, active=False), person(4)
    certificate = decided(facts(), here, away, gone, aside, excluded={aside.id: "chain"})
    assert [(c.login, c.reason, c.kept) for c in certificate.candidates] == [
        ("p1", "eligible", True), ("p2", "away", False), ("p3", "inactive", False), ("p4", "chain", False),
    ]  # fmt: skip
    shown = without_excluded(certificate.as_data())
    assert [candidate["login"] for candidate in shown["candidates"]] == ["p1"]


@pytest.mark.parametrize(
    ("category", "district", "team"),
    [
        ("noise", "1", "north"), ("noise", "2", "north-noise"), ("traffic", "2", "north"),
        ("noise", "9", "everywhere"), ("noise", None, "everywhere"),
    ],
)  # fmt: skip
def test_the_most_particular_team_gets_it(category, district, team):
    people = [person(i, code) for i, code in enumerate(("north", "north-noise", "everywhere"), 1)]
    assert decided(facts(category, district), *people).team == team


@pytest.mark.parametrize("category", ["force", "discrimination", "unsure", "a category nobody knows"])
def test_guarded_concerns_go_to_oversight(category):
    certificate = decided(facts(category), person(1))
    assert (certificate.queue, certificate.owner_id, certificate.team) == ("oversight", None, None)
    assert (certificate.rule, certificate.state) == ("guarded", "in_review")


def test_naming_a_person_guards_any_concern():
    assert decided(facts("noise", names_person=True), person(1)).queue == "oversight"


def test_guarded_ones_for_the_partner_go_to_the_triage():
    assert decided(facts("force", preferred_partner="partner"), person(1)).queue == "triage"
    assert decided(facts("force", preferred_partner="partner", partner="puente")).queue == "puente-desk"
    assert decided(facts("force", preferred_partner="partner", partner="nobody")).queue == "triage"


def test_retaliation_goes_straight_to_oversight():
    certificate = decided(facts("retaliation", preferred_partner="partner"))
    assert (certificate.queue, certificate.rule) == ("oversight", "retaliation")


def test_who_wants_the_partner_gets_the_partner():
    police, lantern, puente = person(1), person(2, "lantern"), person(3, "puente")
    people = (police, lantern, puente)
    assert decided(facts(preferred_partner="partner"), *people).owner_id == lantern.id
    assert decided(facts(preferred_partner="partner", partner="puente"), *people).owner_id == puente.id
    assert decided(facts(partner="puente"), *people).owner_id == puente.id
    assert decided(facts(partner="puente", preferred_partner="police"), *people).owner_id == police.id
    assert decided(facts(partner="nobody knows it"), *people).owner_id == lantern.id


def test_quarantine_comes_before_everything():
    certificate = decided(facts("force", quarantine="blank", preferred_partner="partner"), person(1))
    assert (certificate.queue, certificate.state, certificate.rule) == ("oversight", "quarantined", "quarantine")


def test_nobody_there_means_the_desk_of_the_organisation():
    certificate = decided(facts(), person(1, available=False))
    assert (certificate.queue, certificate.state, certificate.rule) == ("front-desk", "new", "nobody_available")
    assert [candidate.reason for candidate in certificate.candidates] == ["away"]
    partner = decided(facts(preferred_partner="partner", partner="puente"))
    assert (partner.queue, partner.state) == ("puente-desk", "in_review")


def test_a_wall_that_leaves_nobody_goes_outside_not_up_the_chain():
    ash = person(1)
    certificate = decided(facts(), ash, excluded={ash.id: "recused"})
    assert (certificate.queue, certificate.organisation) == ("oversight", "fair")


def test_no_team_for_it_means_the_front_desk():
    city = directory(teams=tuple(team for team in TEAMS if team.code != "everywhere"))
    certificate = decide(facts("traffic", "9"), city, staffing())
    assert (certificate.queue, certificate.rule) == ("front-desk", "no_team")


def test_a_partner_without_a_queue_or_team_still_keeps_the_police_out():
    bare = directory(
        teams=tuple(team for team in TEAMS if team.organisation == "police"),
        queues=tuple(queue for queue in QUEUES if queue.code in ("front-desk", "oversight")),
    )
    certificate = decide(facts(preferred_partner="partner"), bare, staffing(person(1)))
    assert (certificate.queue, certificate.owner_id) == ("oversight", None)


@pytest.mark.parametrize("missing", ["oversight", "front-desk"])
def test_a_city_without_a_place_for_complaints_is_refused(missing):
    with pytest.raises(ValueError, match="The city needs a queue"):
        directory(queues=tuple(queue for queue in QUEUES if queue.code != missing))
