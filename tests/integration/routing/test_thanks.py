"""A thanks is read outside the police, and then reaches the officer it names."""

import pytest

from services.routing.domain.refusals import Impossible, NotFound
from services.routing.handlers import commands
from tests.integration.routing.acting import act, opened
from tests.integration.routing.walls.town import BESIDE, excluded, town


def thanks(world, category="thanks", **more):
    told = {"kind": "thanks", "names_person": True, "text": "Ash found our dog"}
    return world.told(category, **told | more)


def test_it_waits_with_oversight_and_then_reaches_the_officer(world):
    staff = world.staff()
    case_id = thanks(world)
    assert world.case(case_id)["queue"] == "oversight"
    with pytest.raises(NotFound):
        opened(world, staff["ash"], case_id)
    assert staff["ash"].id in {person.id for person in opened(world, staff["laurel"], case_id).assignable}
    act(world, staff["laurel"], commands.assign, case_id, staff["ash"].id, "It is a thanks")
    assert world.case(case_id)["owner_id"] == staff["ash"].id
    assert opened(world, staff["ash"], case_id).story.text == "Ash found our dog"
    with pytest.raises(Impossible):
        act(world, staff["ash"], commands.assign, case_id, staff["birch"].id, "Read this")


@pytest.mark.parametrize("told", [{"category": "force"}, {"kind": "concern", "category": "noise"}])
def test_what_is_no_thanks_stays_outside_whatever_it_is_called(lite, told):
    staff = lite.staff()
    case_id = thanks(lite, **told)
    with pytest.raises(Impossible):
        act(lite, staff["laurel"], commands.assign, case_id, staff["ash"].id, "It is a thanks")


def test_what_was_meant_for_the_partner_stays_there(lite):
    staff = lite.staff()
    case_id = thanks(lite, preferred_partner="partner")
    with pytest.raises(Impossible):
        act(lite, staff["laurel"], commands.assign, case_id, staff["ash"].id, "It is a thanks")


@pytest.mark.parametrize("names_person", [True, False])
def test_naming_in_a_thanks_raises_no_wall(world, names_person):
    """It waits with oversight even where only the roster knows the name, and reaches the officer from there."""
    staff = town(world)
    case_id = thanks(world, text="officer jordan vance found our dog", names_person=names_person)
    assert (excluded(world, case_id), world.case(case_id)["queue"]) == ({}, "oversight")
    act(world, staff["laurel"], commands.assign, case_id, staff["vance"].id, "It is a thanks")
    assert world.case(case_id)["owner_id"] == staff["vance"].id
    world.wrote(case_id, "Thanks to jordan vance once more")
    assert excluded(world, case_id) == {}
    assert world.case(case_id)["organisation"] == "fair-hearing"  # read outside the police first, like the rest


@pytest.mark.parametrize(
    "told",
    [
        {"text": "thanks to officer jordan vance who punched my brother in the face"},
        {"kind": "concern", "text": "officer jordan vance found our dog"},
        {"category": "force", "text": "officer jordan vance found our dog"},
    ],
)
def test_what_is_only_called_a_thanks_is_walled(lite, told):
    staff = town(lite)
    case_id = thanks(lite, **told)
    assert excluded(lite, case_id) == BESIDE
    with pytest.raises(Impossible):
        act(lite, staff["laurel"], commands.assign, case_id, staff["vance"].id, "It is a thanks")


def test_a_thanks_that_is_taken_back_closes_the_door(lite):
    staff = town(lite)
    case_id = thanks(lite, text="officer jordan vance found our dog")
    act(lite, staff["laurel"], commands.assign, case_id, staff["vance"].id, "It is a thanks")
    lite.wrote(case_id, "Then the officer came back and punched my brother in the face")
    assert excluded(lite, case_id) == BESIDE
    assert lite.case(case_id)["owner_id"] != staff["vance"].id
    with pytest.raises(NotFound):
        opened(lite, staff["vance"], case_id)
