"""Stepping aside: the case goes to another and never comes back."""

import pytest

from services.routing.domain.refusals import Impossible, NotFound
from services.routing.handlers import commands
from services.routing.queries import inbox
from tests.integration.routing.acting import act, opened, other_than, owner_of


def test_a_recusal_hands_over_and_closes_the_door(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    other = other_than(staff, owner)
    act(world, owner, commands.recuse, case_id, "My cousin lives there")
    assert world.case(case_id)["owner_id"] == other.id
    with pytest.raises(NotFound):
        opened(world, owner, case_id)
    with world.desk(owner) as desk:
        assert inbox(desk, "team").items == ()
    with pytest.raises(Impossible):
        act(world, other, commands.assign, case_id, owner.id, "back to you")
    reasons = [entry.text for entry in opened(world, other, case_id).conversation if entry.kind == "reason"]
    assert reasons == ["My cousin lives there"]
    assert world.loads_agree()


def test_when_nobody_is_left_it_goes_to_oversight_never_up_the_chain(world):
    staff = world.staff()
    case_id = world.told()
    first = owner_of(world, staff, case_id)
    act(world, first, commands.recuse, case_id, "I know them")
    act(world, other_than(staff, first), commands.recuse, case_id, "I know them too")
    case = world.case(case_id)
    assert case["owner_id"] == staff["laurel"].id
    assert case["organisation"] == "fair-hearing"
    with pytest.raises(NotFound):
        opened(world, staff["sage"], case_id)
    act(world, staff["laurel"], commands.recuse, case_id, "So do I")
    assert world.case(case_id)["owner_id"] == staff["linden"].id
    with pytest.raises(Impossible, match="nobody else"):
        act(world, staff["linden"], commands.recuse, case_id, "And I")
    assert world.case(case_id)["owner_id"] == staff["linden"].id
    assert opened(world, staff["linden"], case_id).row.owner.id == staff["linden"].id
    assert world.loads_agree()


def test_the_keeper_of_a_queue_steps_aside(world):
    staff = world.staff()
    case_id = world.told("noise", preferred_partner="partner", partner="puente")
    assert world.case(case_id)["queue"] == "puente-desk"
    keeper = world.person("esperanza.muestra", role="partner", team="puente")
    act(world, keeper, commands.recuse, case_id, "A neighbour")
    assert world.case(case_id)["queue"] == "oversight"
    with pytest.raises(NotFound):
        opened(world, keeper, case_id)

    conduct = world.told("force")
    act(world, staff["laurel"], commands.recuse, conduct, "A friend")
    assert world.case(conduct)["owner_id"] == staff["linden"].id


def test_a_colleague_steps_aside_before_it_is_hers(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    other = other_than(staff, owner)
    act(world, other, commands.recuse, case_id, "My landlord")
    assert world.case(case_id)["owner_id"] == owner.id
    with pytest.raises(NotFound):
        opened(world, other, case_id)
    assert [entry.kind for entry in opened(world, owner, case_id).conversation] == ["note"]
