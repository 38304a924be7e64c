"""Whose a case is: hand-overs, taking, who may and who may not."""

import pytest
from sqlalchemy import select

from services.routing.domain.refusals import Impossible, Invalid, NotAllowed, NotFound, Stale
from services.routing.handlers import commands, people
from services.routing.models import messages, queues
from services.routing.queries import inbox
from tests.integration.routing.acting import act, in_progress, opened, other_than, owner_of


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
