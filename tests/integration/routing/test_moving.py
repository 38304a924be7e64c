"""States of cases: what staff and residents bring about."""

import pytest
from sqlalchemy import select, update

from services.routing.domain.refusals import Impossible, Invalid, NotFound
from services.routing.handlers import commands, people
from services.routing.models import messages
from services.routing.models import people as people_table
from shared.sealing import from_text
from tests.integration.routing.acting import act, in_progress, opened, other_than, owner_of, resolved


def test_waiting_needs_a_question_that_was_not_refused_on_its_way(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.accept, case_id)
    with pytest.raises(Impossible, match="Ask the resident"):
        act(world, owner, commands.change_state, case_id, "waiting_on_resident")
    act(world, owner, commands.reply, case_id, "Which nights?")
    with world.routing.engine.begin() as conn:
        conn.execute(update(messages).where(messages.c.kind == "reply").values(delivery="undelivered"))
    with pytest.raises(Impossible, match="Ask the resident"):
        act(world, owner, commands.change_state, case_id, "waiting_on_resident")
    with world.routing.engine.begin() as conn:
        conn.execute(update(messages).where(messages.c.kind == "reply").values(delivery="delivered"))
    act(world, owner, commands.change_state, case_id, "waiting_on_resident", reason="Which nights")
    assert world.case(case_id)["state"] == "waiting_on_resident"

    world.wrote(case_id, "Fridays")
    assert world.case(case_id)["state"] == "in_progress"
    assert world.published(case_id)[-1][1]["reason"] == "answered"
    with pytest.raises(Impossible, match="Ask the resident"):
        act(world, owner, commands.change_state, case_id, "waiting_on_resident")


def test_resolving_tells_the_resident_and_frees_the_owner(world):
    staff = world.staff()
    case_id, owner = resolved(world, staff)
    name, data = world.published(case_id)[-1]
    assert (name, data["public_state"], data["outcome"]) == ("state.changed", "answered", "explained")
    key = world.routing.office.keyring.open_key(world.case(case_id)["key_wrapped"])
    assert key.unseal(from_text(data["sealed"]), "state.changed") == {"sentence": "It is permitted."}
    assert world.loads_agree()
    assert world.actor(owner.id) is not None
    with world.routing.engine.connect() as conn:
        assert conn.scalar(select(people_table.c.open_cases).where(people_table.c.id == owner.id)) == 0


def test_a_dispute_wakes_the_case_with_its_owner(world):
    staff = world.staff()
    case_id, owner = resolved(world, staff)
    world.wrote(case_id, "No, it is not")
    case = world.case(case_id)
    assert (case["state"], case["owner_id"], case["cycle"]) == ("in_progress", owner.id, 1)
    assert world.published(case_id)[-1][1]["reason"] == "disputed"
    assert world.loads_agree()
    world.later(days=20)
    assert world.case(case_id)["state"] == "in_progress"


def test_an_undisputed_answer_closes_by_itself_and_can_be_reopened(world):
    staff = world.staff()
    case_id, owner = resolved(world, staff)
    world.later(days=13)
    assert world.case(case_id)["state"] == "resolved"
    with pytest.raises(Impossible):
        act(world, owner, commands.change_state, case_id, "closed")
    world.later(days=2)
    assert world.case(case_id)["state"] == "closed"

    world.wrote(case_id, "It started again")
    case = world.case(case_id)
    assert (case["state"], case["cycle"]) == ("in_progress", 2)
    assert case["response_due_at"] is not None
    assert world.published(case_id)[-1][1]["reason"] == "reopened"
    world.later(days=3)
    late = [data for name, data in world.published(case_id) if name == "response.overdue"]
    assert ("first_response", 2) in [(data["clock"], data["cycle"]) for data in late]
    act(world, owner, commands.reply, case_id, "We come again.")
    assert world.case(case_id)["response_due_at"] is None
    assert world.loads_agree()


def test_a_case_reopened_after_its_owner_left_finds_another(world):
    staff = world.staff()
    case_id, owner = resolved(world, staff)
    world.later(days=15)
    with world.routing.outbox.transaction() as tx:
        people.disable_person(tx, world.routing.office, owner.login)
    world.wrote(case_id, "It started again")
    assert world.case(case_id)["owner_id"] == other_than(staff, owner).id
    assert world.loads_agree()


def test_quarantine_waits_with_oversight_and_is_routed_when_released(world):
    staff = world.staff()
    case_id = world.told("noise", "1", quarantine="blank")
    assert (world.case(case_id)["state"], world.case(case_id)["queue"]) == ("quarantined", "oversight")
    with pytest.raises(Impossible, match="held back"):
        act(world, staff["laurel"], commands.reply, case_id, "hello")
    with pytest.raises(Impossible):
        act(world, staff["laurel"], commands.assign, case_id, staff["linden"].id, "yours")
    act(world, staff["laurel"], commands.change_state, case_id, "new", reason="It is meant seriously")
    case = world.case(case_id)
    assert (case["state"], case["team"], case["quarantine"]) == ("assigned", "harbour", None)
    assert world.loads_agree()


def test_a_released_complaint_still_goes_to_review(world):
    staff = world.staff()
    case_id = world.told("force", "1", quarantine="blank")
    act(world, staff["laurel"], commands.change_state, case_id, "new")
    assert (world.case(case_id)["state"], world.case(case_id)["queue"]) == ("in_review", "oversight")


def test_what_waits_at_the_front_desk_can_be_raised_to_oversight(world):
    staff = world.staff()
    for login in ("ash", "birch"):
        with world.routing.outbox.transaction() as tx:
            people.set_available(tx, login, False)
    case_id = world.told("noise", "1")
    act(world, staff["sage"], commands.change_state, case_id, "in_review", reason="It is about one of us")
    assert (world.case(case_id)["queue"], world.case(case_id)["state"]) == ("oversight", "in_review")
    with pytest.raises(NotFound):
        opened(world, staff["sage"], case_id)
    assert world.entries(case_id)[1]["certificate"]["rule"] == "raised"


def test_choices_of_a_page_are_what_the_command_takes(world):
    staff = world.staff()
    case_id, owner = in_progress(world, staff)
    assert set(opened(world, owner, case_id).choices) == {
        "waiting_on_resident", "resolved", "referred", "in_mediation",
    }  # fmt: skip
    act(world, owner, commands.change_state, case_id, "in_mediation")
    act(world, owner, commands.change_state, case_id, "in_progress")
    act(world, owner, commands.change_state, case_id, "referred")
    act(world, owner, commands.change_state, case_id, "closed", reason="The water company has it")
    assert world.case(case_id)["state"] == "closed"
    assert opened(world, owner, case_id).may_answer is False
    with pytest.raises(Impossible, match="closed"):
        act(world, owner, commands.reply, case_id, "One more thing")
    act(world, owner, commands.change_state, case_id, "in_progress", reason="They came back")
    assert world.case(case_id)["cycle"] == 2
    assert world.loads_agree()


def test_discarding_what_is_held_back_takes_two_people(world):
    staff = world.staff()
    case_id = world.told("noise", "1", quarantine="blank")
    with pytest.raises(Invalid):
        act(world, staff["laurel"], commands.change_state, case_id, "closed")
    act(world, staff["laurel"], commands.change_state, case_id, "closed", reason="Only spaces")
    assert world.case(case_id)["state"] == "quarantined"
    with pytest.raises(Impossible, match="second person"):
        act(world, staff["laurel"], commands.change_state, case_id, "closed", reason="Still only spaces")
    act(world, staff["linden"], commands.change_state, case_id, "closed", reason="I see the same")
    assert world.case(case_id)["state"] == "closed"
    assert world.names(case_id) == ["case.opened", "note.added", "state.changed"]
    said = [(entry.kind, entry.text) for entry in opened(world, staff["linden"], case_id).conversation]
    assert said == [("note", "Only spaces"), ("reason", "I see the same")]


def test_releasing_withdraws_the_wish_to_discard(world):
    staff = world.staff()
    case_id = world.told("force", "1", quarantine="blank")
    act(world, staff["laurel"], commands.change_state, case_id, "closed", reason="Only spaces")
    act(world, staff["linden"], commands.change_state, case_id, "new", reason="No, read the end")
    assert world.case(case_id)["state"] == "in_review"
    assert world.case(case_id)["discard_proposed_by"] is None
