"""Promises: what stops the clock, what breaks, what is proven."""

import pytest
from sqlalchemy import select

from services.routing.domain.clocks import first_response_intervals
from services.routing.handlers import commands
from services.routing.models import clock_intervals, timers
from tests.integration.routing.acting import act, owner_of, resolved


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
