"""Whatever people do in whatever order: one owner, right loads, gapless history, provable clocks."""

import random

import pytest
from sqlalchemy import select

from services.routing.domain.facts import Facts
from services.routing.domain.refusals import Refusal
from services.routing.domain.states import OUTCOMES, PUBLIC_STATES, STATES, TRANSITIONS
from services.routing.handlers import commands
from services.routing.models import people
from services.routing.reports.replay import replay
from tests.integration.routing.acting import act
from tests.integration.routing.proving import replayed
from tests.integration.routing.test_deliveries import changed

STEPS = 150


def any_step(world, staff, ids, dice):
    """One step of a random person with a random case; most are refused, and that must leave no trace."""
    who, case_id = dice.choice(list(staff.values())), dice.choice(ids)
    somebody = dice.choice(list(staff.values()))
    steps = {
        "reply": lambda: act(world, who, commands.reply, case_id, "We look into it."),
        "call": lambda: act(
            world, who, commands.log_contact, case_id, way="call", outcome=dice.choice(["reached", "missed"])
        ),
        "fare": lambda: fare(world, case_id, dice.choice(["accepted", "delivered", "undelivered", "held"])),
        "note": lambda: act(world, who, commands.note, case_id, "Called."),
        "assign": lambda: act(world, who, commands.assign, case_id, somebody.id, "She knows it."),
        "accept": lambda: act(world, who, commands.accept, case_id),
        "recuse": lambda: act(world, who, commands.recuse, case_id, "I know them."),
        "state": lambda: act(
            world, who, commands.change_state, case_id, dice.choice(STATES), reason="So it is.",
            outcome=dice.choice(OUTCOMES), sentence="It is so.",
        ),
        "write": lambda: world.wrote(case_id),
        "wait": lambda: world.later(hours=dice.choice([1, 30, 400])),
    }  # fmt: skip
    name = dice.choices(list(steps), weights=[4, 2, 4, 1, 4, 3, 1, 8, 3, 1])[0]
    try:
        steps[name]()
    except Refusal:
        return False
    return True


def fare(world, case_id, status):
    """The last words to the resident fare somehow, in whatever order."""
    said = [entry for entry in world.entries(case_id) if entry["type"] == "reply.written"]
    if said:
        world.deliver(changed(world, case_id, said[-1]["data"]["message_id"], status))


@pytest.mark.parametrize("seed", range(4))
def test_invariants_hold_after_any_course(lite, seed):
    world, dice = lite, random.Random(seed)
    staff = world.staff()
    told = [
        ("noise", {}), ("force", {}), ("noise", {"preferred_partner": "partner"}),
        ("safety", {"district": "2"}), ("noise", {"quarantine": "blank"}), ("traffic", {"names_person": True}),
    ]  # fmt: skip
    ids = [world.told(category, **{"district": "1"} | more) for category, more in told]
    taken = sum(any_step(world, staff, ids, dice) for _ in range(STEPS))
    assert taken > STEPS / 5
    assert world.loads_agree()
    for case_id in ids:
        check(world, case_id)
    assert list(replay(world.routing.engine, world.routing.office.terms)) == [(len(ids), [])]


def check(world, case_id):
    case, entries = world.case(case_id), world.entries(case_id)
    published = world.published(case_id)
    assert [entry["type"] for entry in entries] == [name for name, _ in published]
    assert case["sequence"] == len(published) == entries[-1]["sequence"]
    assert (case["owner_id"] is None) != (case["queue"] is None)
    follow_states(case, published)
    keep_police_out(world, case)
    prove_clocks(world, case)


def follow_states(case, published):
    """The states told, one after the other, are steps of the table and end where the case stands."""
    state = published[0][1]["state"]
    for name, data in published[1:]:
        if name == "state.changed":
            assert data["from_state"] == state
            assert (state, data["to_state"]) in TRANSITIONS
            state = data["to_state"]
            assert data["public_state"] == PUBLIC_STATES[state]
    assert state == case["state"]


def keep_police_out(world, case):
    directory = world.routing.office.directory
    if directory.is_guarded(Facts.of(case)) or case["preferred_partner"] == "partner":
        assert directory.kind(case["organisation"]) != "police"
        with world.routing.engine.connect() as conn:
            role = conn.scalar(select(people.c.role).where(people.c.id == case["owner_id"]))
        assert role in (None, "partner", "oversight")


def prove_clocks(world, case):
    stored, derived = replayed(world, case["id"])
    assert stored == derived
    first = [run for (clock, _), run in sorted(stored.items()) if clock == "first_response"]
    answered = [run["stopped_at"] for run in first if run["stopped_at"]]
    assert case["first_responded_at"] == (min(answered) if answered else None)
    assert case["cycle"] == len(first)
    if case["state"] == "closed":
        assert case["response_due_at"] is None
        assert case["due_at"] is None
