"""What a resident writes later may name the very person who answers: then the case leaves the police at once."""

import pytest
from sqlalchemy import update

from services.routing.domain.refusals import Impossible, NotFound
from services.routing.handlers import commands
from services.routing.handlers.people import sync_queues
from services.routing.models import people
from services.routing.queries import inbox
from services.routing.reports import response_times
from tests.integration.routing.acting import act, in_progress, opened, owner_of, resolved

NAMING = "It was officer Ash, badge 1234, who pushed me"


def waiting(world, staff):
    case_id, owner = in_progress(world, staff)
    act(world, owner, commands.change_state, case_id, "waiting_on_resident")
    return case_id, owner


def assigned(world, staff):
    case_id = world.told()
    return case_id, owner_of(world, staff, case_id)


@pytest.mark.parametrize("before", [assigned, in_progress, waiting, resolved])
def test_whoever_is_named_never_reads_it_whatever_the_state(world, before):
    staff = world.staff()
    case_id, owner = before(world, staff)
    world.wrote(case_id, NAMING, names_person=True)
    case = world.case(case_id)
    assert (case["owner_id"], case["organisation"]) == (staff["laurel"].id, "fair-hearing")
    assert (case["state"], case["names_person"]) == ("assigned", True)
    for login in (owner.login, "ash", "birch", "sage"):
        with pytest.raises(NotFound):
            opened(world, staff[login], case_id)
        with world.desk(staff[login]) as desk:
            assert inbox(desk, "all").items == ()
            assert response_times(desk) == ()
    assert opened(world, staff["laurel"], case_id).conversation[-1].text == NAMING
    with pytest.raises(Impossible):
        act(world, staff["laurel"], commands.assign, case_id, owner.id, "Back to them")
    assert world.loads_agree()


def test_what_waits_at_the_front_desk_goes_to_review(world):
    staff = world.staff()
    case_id = world.told("noise", "9")
    assert world.case(case_id)["queue"] == "front-desk"
    world.wrote(case_id, NAMING, names_person=True)
    case = world.case(case_id)
    assert (case["queue"], case["state"], case["owner_id"]) == ("oversight", "in_review", None)
    with pytest.raises(NotFound):
        opened(world, staff["sage"], case_id)


def test_with_no_reviewer_it_waits_outside_the_police_all_the_same(world):
    staff = world.staff()
    case_id, owner = in_progress(world, staff)
    with world.routing.engine.begin() as conn:
        conn.execute(update(people).where(people.c.role == "oversight").values(active=False))
        sync_queues(conn, world.routing.office)
    world.wrote(case_id, NAMING, names_person=True)
    case = world.case(case_id)
    assert (case["queue"], case["owner_id"], case["organisation"]) == ("oversight", None, "fair-hearing")
    with pytest.raises(NotFound):
        opened(world, owner, case_id)
    assert world.loads_agree()


def test_a_partner_keeps_what_is_already_outside_the_police(world):
    staff = world.staff()
    case_id = world.told("noise", preferred_partner="partner", partner="lantern-house")
    world.wrote(case_id, NAMING, names_person=True)
    assert world.case(case_id)["owner_id"] == staff["willow"].id
