"""Response times against an obvious reference."""

import math
import random
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import update

from services.routing.domain.refusals import Invalid, NotAllowed
from services.routing.handlers import commands
from services.routing.models import cases
from services.routing.reports import response_times
from tests.integration.routing.acting import act, owner_of

HOUR = timedelta(hours=1)


def many_cases(world, count=60):
    """Cases of three districts whose answers took known times; some open and late, some not due."""
    random.seed(7)
    now = world.routing.clock.now()
    events = [world.feedback("noise", random.choice(["1", "3", "17", None])) for _ in range(count)]
    world.deliver(*events)
    facts = []
    with world.routing.engine.begin() as conn:
        for event in events:
            received = now - HOUR * random.randint(1, 400)
            due = received + 48 * HOUR
            took = random.choice([None, random.randint(1, 100) * 3600.0, 7200.0])
            state = "in_progress" if took else random.choice(["assigned", "closed"])
            if took is not None and received + timedelta(seconds=took) > now:
                took, state = None, "assigned"
            conn.execute(
                update(cases)
                .where(cases.c.id == event.subject)
                .values(
                    received_at=received, first_response_due_at=due, first_response_s=took, state=state,
                    first_responded_at=received + timedelta(seconds=took) if took else None,
                    response_due_at=None if took or state == "closed" else due,
                )
            )  # fmt: skip
            facts.append((event.data["district"], received, due, took, state))
    return now, facts


def percentile_disc(values, share):
    """PostgreSQL's definition, written out: the first value whose share of the sorted list reaches it."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def expected(now, facts):
    answered = [took for *_, took, _ in facts if took is not None]
    kept = sum(
        took is not None and received + timedelta(seconds=took) <= due for _, received, due, took, _ in facts
    )
    broken = sum(took is None and due < now for _, _, due, took, _ in facts)
    late = sum(took is None and due < now and state != "closed" for _, _, due, took, state in facts)
    owed = len(answered) + broken
    percentiles = percentile_disc(answered, 0.5), percentile_disc(answered, 0.9)
    return (len(facts), *percentiles, kept / owed if owed else None, late)


def told(line):
    return (line.count, line.median_s, line.p90_s, line.compliance, line.open_overdue)


def test_figures_are_exact(world):
    staff = world.staff()
    now, facts = many_cases(world)
    with world.desk(staff["sage"]) as desk:
        (whole,) = response_times(desk)
        by_district = {line.key: line for line in response_times(desk, by="district")}
        recent = response_times(desk, now - 200 * HOUR, now - 50 * HOUR)
    assert told(whole) == expected(now, facts)
    groups = defaultdict(list)
    for fact in facts:
        groups[fact[0]].append(fact)
    assert {key: told(line) for key, line in by_district.items()} == {
        key: expected(now, group) for key, group in groups.items()
    }
    assert list(by_district)[-1] is None
    span = [fact for fact in facts if now - 200 * HOUR <= fact[1] < now - 50 * HOUR]
    assert told(recent[0]) == expected(now, span)


@pytest.mark.parametrize("by", ["district", "category", "language", "channel", "team", "owner"])
def test_groups_add_up_to_the_whole(lite, by):
    staff = lite.staff()
    many_cases(lite, 20)
    with lite.desk(staff["sage"]) as desk:
        (whole,) = response_times(desk)
        lines = response_times(desk, by=by)
    assert sum(line.count for line in lines) == whole.count == 20
    assert sum(line.open_overdue for line in lines) == whole.open_overdue


def test_an_open_overdue_case_lowers_compliance(lite):
    staff = lite.staff()
    case_id = lite.told()
    act(lite, owner_of(lite, staff, case_id), commands.reply, case_id, "At once")
    lite.told()
    with lite.desk(staff["sage"]) as desk:
        assert response_times(desk)[0].compliance == 1.0
    lite.later(hours=49)
    with lite.desk(staff["sage"]) as desk:
        (line,) = response_times(desk)
    assert (line.compliance, line.open_overdue) == (0.5, 1)


def test_figures_leave_out_what_may_not_be_seen(lite):
    staff = lite.staff()
    lite.told("noise")
    lite.told("force")
    with lite.desk(staff["sage"]) as desk:
        assert response_times(desk)[0].count == 1
        assert [line.key for line in response_times(desk, by="category")] == ["noise"]
    with lite.desk(staff["laurel"]) as desk:
        assert response_times(desk)[0].count == 2
    with lite.desk(staff["cedar"]) as desk:
        assert response_times(desk) == ()
    with lite.desk(staff["admin"]) as desk, pytest.raises(NotAllowed):
        response_times(desk)
    with lite.desk(staff["sage"]) as desk, pytest.raises(Invalid):
        response_times(desk, by="password_hash")
