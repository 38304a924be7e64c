"""Promises: what stops the clock, what breaks, what is proven."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.routing.domain.refusals import Impossible, Invalid
from services.routing.handlers import commands
from services.routing.handlers.casework import lock
from services.routing.models import messages, policies
from services.routing.terms import TermsBook
from tests.integration.routing.acting import act, owner_of
from tests.integration.routing.proving import replayed, runs
from tests.integration.routing.test_deliveries import changed


def test_the_first_answer_is_recorded_once_and_for_all(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    world.later(hours=5)
    act(world, owner, commands.reply, case_id, "On my way.")
    first = world.case(case_id)
    assert first["first_response_s"] == pytest.approx(5 * 3600, abs=60)
    world.later(hours=5)
    act(world, owner, commands.reply, case_id, "Still on my way.")
    again = world.case(case_id)
    assert again["first_responded_at"] == first["first_responded_at"]
    assert first["response_due_at"] is None
    (run,) = runs(world, case_id, "first_response")
    assert run["stopped_at"] == first["first_responded_at"]


def test_a_broken_promise_is_told_once_and_stays_due(world):
    world.staff()
    case_id = world.told("noise")
    world.later(hours=49)
    world.later(hours=49)
    told = [data for name, data in world.published(case_id) if name == "response.overdue"]
    (data,) = [data for data in told if data["clock"] == "first_response"]
    assert data["late_by_s"] == pytest.approx(3600, abs=60)
    assert world.case(case_id)["response_due_at"] is not None


def said_at(world, case_id, kind="reply.written"):
    """The sequence and the id of the last words of a kind."""
    entry = [entry for entry in world.entries(case_id) if entry["type"] == kind][-1]
    return entry["sequence"], entry["data"].get("message_id")


def test_an_answer_that_did_not_arrive_is_none(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    due_at = world.case(case_id)["response_due_at"]
    world.later(hours=1)
    act(world, owner, commands.reply, case_id, "On my way.")
    sequence, message_id = said_at(world, case_id)
    world.deliver(changed(world, case_id, message_id, "undelivered", "landline"))
    case = world.case(case_id)
    assert (case["response_due_at"], case["first_responded_at"], case["first_response_s"]) == (due_at, None, None)
    name, data = world.published(case_id)[-1]
    assert (name, data["said_at"], data["failure"]) == ("delivery.recorded", sequence, "landline")
    world.later(hours=48)
    assert "first_response" in [
        data["clock"] for name, data in world.published(case_id) if name.endswith("overdue")
    ]


def test_an_answer_that_arrives_by_another_way_counts_from_then(world):
    staff = world.staff()
    case_id = world.told()
    act(world, owner_of(world, staff, case_id), commands.reply, case_id, "On my way.")
    _, message_id = said_at(world, case_id)
    world.deliver(changed(world, case_id, message_id, "failed", "not_mobile"))
    world.later(hours=3)
    world.deliver(changed(world, case_id, message_id, "accepted"), changed(world, case_id, message_id, "delivered"))
    case = world.case(case_id)
    assert case["first_response_s"] == pytest.approx(3 * 3600, abs=60)
    assert world.names(case_id).count("delivery.recorded") == 2
    stored, derived = replayed(world, case_id)
    assert stored == derived


def test_an_arrived_answer_tells_clocks_nothing_new(world):
    staff = world.staff()
    case_id = world.told()
    act(world, owner_of(world, staff, case_id), commands.reply, case_id, "On my way.")
    before = world.case(case_id)["sequence"]
    world.deliver(changed(world, case_id, said_at(world, case_id)[1], "delivered"))
    assert world.case(case_id)["sequence"] == before


def test_nobody_waits_for_an_answer_to_a_question_that_did_not_arrive(world):
    staff = world.staff()
    case_id = world.told(contact_by="sms")
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.reply, case_id, "Which house is it?")
    with pytest.raises(Impossible, match="not arrived yet"):
        act(world, owner, commands.change_state, case_id, "waiting_on_resident")
    _, message_id = said_at(world, case_id)
    world.deliver(changed(world, case_id, message_id, "accepted"))
    act(world, owner, commands.change_state, case_id, "waiting_on_resident")
    assert runs(world, case_id, "resolution")[0]["paused_at"] is not None
    world.deliver(changed(world, case_id, message_id, "undelivered", "landline"))
    case = world.case(case_id)
    assert case["state"] == "in_progress"
    assert world.published(case_id)[-1][1]["reason"] == "not_delivered"
    assert runs(world, case_id, "resolution")[0]["paused_at"] is None
    assert case["response_due_at"] is not None


def test_what_the_resident_writes_again_is_promised_a_next_answer(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.reply, case_id, "On my way.")
    world.later(hours=2)
    world.wrote(case_id)
    case = world.case(case_id)
    assert case["due_clock"] == "next_response"
    assert case["response_due_at"] - runs(world, case_id, "next_response")[0]["started_at"] == timedelta(hours=24)
    act(world, owner, commands.reply, case_id, "Tomorrow.")
    assert world.case(case_id)["response_due_at"] is None


def test_a_call_that_reached_somebody_is_an_answer_and_a_missed_one_is_none(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.log_contact, case_id, way="call", outcome="missed")
    case = world.case(case_id)
    assert (case["first_responded_at"], case["state"]) == (None, "assigned")
    act(world, owner, commands.log_contact, case_id, way="call", outcome="reached", text="A photo comes.")
    case = world.case(case_id)
    assert (case["first_responded_at"] is None, case["state"]) == (False, "in_progress")
    with world.routing.engine.connect() as conn:
        assert (
            conn.scalars(select(messages.c.kind).where(messages.c.case_id == case_id)).all().count("contact") == 1
        )


@pytest.mark.parametrize(("way", "outcome"), [("pigeon", "reached"), ("call", "perhaps")])
def test_a_contact_nobody_knows_is_refused(lite, way, outcome):
    staff = lite.staff()
    case_id = lite.told()
    with pytest.raises(Invalid):
        act(lite, owner_of(lite, staff, case_id), commands.log_contact, case_id, way=way, outcome=outcome)


def test_warnings_breaches_and_rungs_are_told_once_each(lite):
    staff = lite.staff()
    case_id = lite.told("safety", district="1")
    owner = owner_of(lite, staff, case_id)
    act(lite, owner, commands.accept, case_id)
    lite.later(hours=6, minutes=1)
    lite.later(hours=2)
    lite.later(hours=2)
    lite.later(hours=20)
    told = [(name, data["clock"]) for name, data in lite.published(case_id) if name.startswith("response.")]
    assert (
        told
        == [("response.warned", "first_response"), ("response.overdue", "first_response")]
        + [("response.escalated", "first_response")] * 3
    )
    rungs = [data for name, data in lite.published(case_id) if name == "response.escalated"]
    assert [(data["rung"], data["tell"]) for data in rungs] == [(0, "owner"), (1, "oversight"), (2, "oversight")]
    assert str(owner.id) in rungs[0]["told"]
    assert {str(staff["laurel"].id), str(staff["linden"].id)} == set(rungs[2]["told"])


def test_the_ladder_does_not_tell_whom_the_case_must_not_reach(lite):
    staff = lite.staff()
    case_id = lite.told("force")
    act(lite, staff["laurel"], commands.recuse, case_id, "I know them.")
    lite.later(hours=49)
    told = [data["told"] for name, data in lite.published(case_id) if name == "response.escalated"]
    assert told
    assert not any(str(staff["laurel"].id) in people for people in told)


def test_a_case_keeps_the_terms_it_came_under(lite):
    lite.staff()
    case_id = lite.told()
    before = runs(lite, case_id, "first_response")
    office = lite.routing.office
    changed_city = replace(office.city, policies=tuple(shorter(policy) for policy in office.city.policies))
    later = replace(office, city=changed_city, terms=TermsBook(changed_city))
    with lite.routing.outbox.transaction() as tx:
        work = lock(tx, later, case_id)
        work.clocks().keep()
        work.save()
    assert runs(lite, case_id, "first_response") == before
    with lite.routing.engine.connect() as conn:
        assert conn.scalar(select(policies.c.version).where(policies.c.digest == lite.case(case_id)["terms"])) == 1


def shorter(policy):
    return replace(policy, version=2, spans={clock: span / 2 for clock, span in policy.spans.items()})
