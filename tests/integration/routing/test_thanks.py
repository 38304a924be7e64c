"""A thanks is read outside the police, and then reaches the officer it names."""

import pytest

from services.routing.domain.refusals import Impossible, NotFound
from services.routing.handlers import commands
from tests.integration.routing.acting import act, opened


def thanks(world, category="thanks", **more):
    return world.told(category, text="Ash found our dog", **{"kind": "thanks", "names_person": True} | more)


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
