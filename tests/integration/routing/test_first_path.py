"""A concern becomes a case with an owner; the owner answers; the answer is published."""

from sqlalchemy import func, select

from services.routing.handlers import commands
from services.routing.models import cases


def test_a_concern_gets_an_owner_and_an_answer(world):
    staff = world.staff()
    case_id = world.told("noise", "1", "The bar plays music until four")

    case = world.case(case_id)
    assert case["state"] == "assigned"
    assert case["owner_id"] in {staff["ash"].id, staff["birch"].id}
    assert case["team"] == "harbour"
    owner = next(actor for actor in staff.values() if actor.id == case["owner_id"])

    with world.desk(owner) as desk:
        sequence = commands.reply(desk, case_id, 1, "We will pass by tonight.")

    assert sequence == 3
    assert world.names(case_id) == ["case.opened", "reply.written", "state.changed"]
    case = world.case(case_id)
    assert case["state"] == "in_progress"
    assert case["first_responded_at"] is not None
    assert case["response_due_at"] is None
    assert world.loads_agree()


def test_redelivery_changes_nothing(world):
    world.staff()
    event = world.feedback()
    world.deliver(event, event)
    world.deliver(event)
    with world.routing.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(cases)) == 1
    assert world.names(event.subject) == ["case.opened"]
    assert world.loads_agree()


def test_a_batch_spreads_over_the_team(world):
    staff = world.staff()
    events = [world.feedback("noise", "1") for _ in range(20)]
    world.deliver(*events)
    owners = [world.case(event.subject)["owner_id"] for event in events]
    assert owners.count(staff["ash"].id) == owners.count(staff["birch"].id) == 10
    assert len({world.case(event.subject)["reference"] for event in events}) == 20
    assert world.loads_agree()
