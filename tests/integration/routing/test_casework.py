"""What staff and residents do with a case, and what follows from it."""

import pytest
from sqlalchemy import select, update

from services.routing.domain.clocks import first_response_intervals
from services.routing.domain.refusals import Impossible, Invalid, NotAllowed, NotFound, Stale
from services.routing.handlers import commands, people
from services.routing.models import clock_intervals, messages, queues, timers
from services.routing.models import people as people_table
from services.routing.queries import case_view, inbox


def owner_of(world, staff, case_id):
    return next(actor for actor in staff.values() if actor.id == world.case(case_id)["owner_id"])


def other_than(staff, actor):
    return staff["birch"] if actor.login == "ash" else staff["ash"]


def act(world, actor, command, case_id, *more, expected=None, **named):
    with world.desk(actor) as desk:
        return command(desk, case_id, expected, *more, **named)


def opened(world, actor, case_id):
    with world.desk(actor) as desk:
        return case_view(desk, case_id)


def in_progress(world, staff, **told):
    case_id = world.told(**told)
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.reply, case_id, "On my way.")
    return case_id, owner


def resolved(world, staff, **told):
    case_id, owner = in_progress(world, staff, **told)
    act(world, owner, commands.change_state, case_id, "resolved", outcome="explained", sentence="It is permitted.")
    return case_id, owner


def test_a_reply_on_stale_ground_is_refused_and_nothing_is_written(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    world.wrote(case_id, "And it goes on")
    with pytest.raises(Stale) as refused:
        act(world, owner, commands.reply, case_id, "We look into it.", expected=1)
    assert refused.value.sequence == 2
    assert world.names(case_id) == ["case.opened", "message.recorded"]


def test_the_conversation_comes_out_as_it_went_in(world):
    staff = world.staff()
    case_id = world.told(text="Música hasta las 4 🎺 <b>\u202eabc")
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.reply, case_id, "  Vamos a pasar.\n\nHoy.  ")
    act(world, owner, commands.note, case_id, "Called the bar")
    world.wrote(case_id, "Gracias")
    view = opened(world, owner, case_id)
    assert view.story.text == "Música hasta las 4 🎺 <b>\u202eabc"
    assert [(entry.kind, entry.direction, entry.author, entry.text) for entry in view.conversation] == [
        ("reply", "out", owner.name, "Vamos a pasar.\n\nHoy."),
        ("note", "internal", owner.name, "Called the bar"),
        ("message", "in", None, "Gracias"),
    ]
    assert [step.type for step in view.history] == world.names(case_id)


def test_words_are_sealed_on_the_bus_and_at_rest(world):
    staff = world.staff()
    case_id = world.told(text="canary of the story")
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.reply, case_id, "canary of the reply")
    act(world, owner, commands.note, case_id, "canary of the note")
    other = other_than(staff, owner)
    act(world, owner, commands.assign, case_id, other.id, "canary of the reason")
    with world.routing.engine.connect() as conn:
        kept = b"".join(conn.scalars(select(messages.c.sealed)))
    assert b"canary" not in kept
    assert "canary" not in str(world.published(case_id)) + str(world.entries(case_id)) + str(world.case(case_id))


def test_handing_over_moves_owner_load_and_state(world):
    staff = world.staff()
    case_id, owner = in_progress(world, staff)
    other = other_than(staff, owner)
    act(world, owner, commands.assign, case_id, other.id, "She knows the street")
    case = world.case(case_id)
    assert (case["owner_id"], case["state"], case["accepted_at"]) == (other.id, "assigned", None)
    assert world.names(case_id)[-2:] == ["case.assigned", "state.changed"]
    assert world.published(case_id)[-2][1]["reason"] == "by_hand"
    assert opened(world, other, case_id).certificate["rule"] == "by_hand"
    assert world.loads_agree()
    with pytest.raises(Impossible, match="owns it already"):
        act(world, owner, commands.assign, case_id, other.id, "again")


def test_nobody_hands_a_case_to_a_stranger_or_an_administrator(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    for stranger in ("willow", "laurel", "audit"):
        with pytest.raises(Invalid):
            act(world, owner, commands.assign, case_id, staff[stranger].id, "take it")
    with pytest.raises(Impossible):
        act(world, staff["laurel"], commands.assign, case_id, staff["admin"].id, "take it")
    assert world.names(case_id) == ["case.opened"]


@pytest.mark.parametrize("category", ["force", "discrimination", "retaliation", "unsure"])
def test_nobody_not_even_oversight_gives_a_complaint_to_the_police(world, category):
    staff = world.staff()
    case_id = world.told(category)
    for police in ("ash", "sage"):
        with pytest.raises(NotFound):
            opened(world, staff[police], case_id)
        with pytest.raises(Impossible, match="cannot own this case"):
            act(world, staff["laurel"], commands.assign, case_id, staff[police].id, "yours")
    act(world, staff["laurel"], commands.assign, case_id, staff["linden"].id, "yours")
    assert world.case(case_id)["state"] == "assigned"


def test_what_was_meant_for_the_partner_never_comes_to_the_police(world):
    staff = world.staff()
    case_id = world.told("noise", preferred_partner="partner")
    assert world.case(case_id)["owner_id"] == staff["willow"].id
    with pytest.raises(NotFound):
        opened(world, staff["sage"], case_id)
    with pytest.raises(Impossible):
        act(world, staff["laurel"], commands.assign, case_id, staff["ash"].id, "closer to it")


def test_who_answers_a_case_nobody_owns_takes_it(world):
    staff = world.staff()
    case_id = world.told("force")
    assert (world.case(case_id)["queue"], world.case(case_id)["state"]) == ("oversight", "in_review")
    act(world, staff["linden"], commands.reply, case_id, "We read it, and a reviewer will call.")
    case = world.case(case_id)
    assert (case["owner_id"], case["queue"], case["state"]) == (staff["linden"].id, None, "in_progress")
    assert world.names(case_id) == [
        "case.opened", "case.assigned", "state.changed", "reply.written", "state.changed",
    ]  # fmt: skip
    assert world.loads_agree()


def test_accepting_takes_from_a_queue_and_puts_in_progress(world):
    staff = world.staff()
    waiting = world.told("force")
    act(world, staff["laurel"], commands.accept, waiting)
    assert world.case(waiting)["owner_id"] == staff["laurel"].id
    assert world.case(waiting)["state"] == "in_progress"

    mine = world.told("noise")
    owner = owner_of(world, staff, mine)
    sequence = act(world, owner, commands.accept, mine)
    assert act(world, owner, commands.accept, mine) == sequence
    with pytest.raises(Impossible, match="Somebody else owns"):
        act(world, other_than(staff, owner), commands.accept, mine)
    assert world.case(mine)["first_responded_at"] is None


def test_the_front_desk_waits_under_the_supervisor(world):
    staff = world.staff()
    for login in ("ash", "birch"):
        with world.routing.outbox.transaction() as tx:
            people.set_available(tx, login, False)
    case_id = world.told("noise", "1")
    assert (world.case(case_id)["queue"], world.case(case_id)["state"]) == ("front-desk", "new")
    with world.routing.engine.connect() as conn:
        assert conn.scalar(select(queues.c.owner_id).where(queues.c.code == "front-desk")) == staff["sage"].id
    with pytest.raises(NotFound):
        opened(world, staff["ash"], case_id)
    act(world, staff["sage"], commands.assign, case_id, staff["ash"].id, "You are back at noon")
    assert world.case(case_id)["state"] == "assigned"


def test_auditors_look_and_administrators_do_not(world):
    staff = world.staff()
    case_id = world.told()
    assert opened(world, staff["audit"], case_id).views[0].person.id == staff["audit"].id
    with pytest.raises(NotAllowed):
        act(world, staff["audit"], commands.note, case_id, "hm")
    with pytest.raises(NotAllowed):
        opened(world, staff["admin"], case_id)
    with pytest.raises(NotAllowed), world.desk(staff["admin"]) as desk:
        inbox(desk, "all")


def test_every_opening_is_logged(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    opened(world, owner, case_id)
    opened(world, staff["sage"], case_id)
    with pytest.raises(NotFound):
        opened(world, staff["cedar"], case_id)
    seen = opened(world, staff["laurel"], case_id).views
    assert [view.person.id for view in seen] == [staff["laurel"].id, staff["sage"].id, owner.id]
    assert opened(world, owner, case_id).views == ()


# --- recusal --------------------------------------------------------------------------------------


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


# --- states ---------------------------------------------------------------------------------------


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
    from shared.sealing import from_text

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
    assert world.names(case_id)[-1] == "response.overdue"
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


# --- clocks ---------------------------------------------------------------------------------------


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
    with world.routing.engine.connect() as conn:
        assert conn.execute(select(timers).where(timers.c.kind == "first_response")).all() == []


def test_a_broken_promise_is_told_once_and_stays_due(world):
    world.staff()
    case_id = world.told("noise")
    world.later(hours=49)
    world.later(hours=49)
    assert world.names(case_id) == ["case.opened", "response.overdue"]
    data = world.published(case_id)[-1][1]
    assert data["late_by_s"] == pytest.approx(3600, abs=60)
    assert world.case(case_id)["response_due_at"] is not None


def test_the_columns_say_what_the_history_proves(world):
    staff = world.staff()
    case_id, owner = resolved(world, staff)
    world.later(days=15)
    world.wrote(case_id, "Again")
    world.later(hours=1)
    act(world, owner, commands.reply, case_id, "We come.")
    case = world.case(case_id)
    promised = case["first_response_due_at"] - case["received_at"]
    derived = first_response_intervals(case["received_at"], promised, world.entries(case_id))
    with world.routing.engine.connect() as conn:
        kept = conn.execute(
            select(clock_intervals).where(clock_intervals.c.case_id == case_id).order_by(clock_intervals.c.cycle)
        ).all()
    assert [(i.cycle, i.started_at, i.due_at, i.stopped_at) for i in derived] == [
        (row.cycle, row.started_at, row.due_at, row.stopped_at) for row in kept
    ]
    assert case["first_responded_at"] == derived[0].stopped_at
