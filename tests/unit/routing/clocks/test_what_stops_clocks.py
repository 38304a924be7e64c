"""What stops a clock, what starts one, and what only looks as if it did."""

import pytest

from services.routing.domain.clocks import intervals, standing
from tests.unit.routing.clocks.courses import ASH, BIRCH, HOUR, RECEIVED, Course, at, terms


def times(runs):
    """(started, stopped, ended) in hours."""
    return [
        tuple(None if moment is None else (moment - RECEIVED) / HOUR for moment in each)
        for each in ((run.started_at, run.stopped_at, run.ended_at) for run in runs)
    ]


@pytest.mark.parametrize(
    ("course", "stopped"),
    [
        (Course().reply(3), 3),
        (Course().reply(3, by=None), None),
        (Course().reply(2, template_only=True).reply(3), 3),
        (Course().reply(2, bulk=True), None),
        (Course().reply(2, automatic=True), None),
        (Course().step(2, "note.added"), None),
        (Course().write(2), None),
        (Course().call(2, "missed"), None),
        (Course().call(2, "missed").call(3, "reached"), 3),
        (Course().call(2, "reached", way="visit"), 2),
        (Course().call(2, "reached", way="letter"), 2),
        (Course().move(1, "in_progress"), None),
        (Course().move(1, "in_progress").move(2, "resolved"), 2),
        (Course().reply(2).deliver(4, 2), None),
        (Course().reply(2).deliver(4, 2, "failed").reply(5), 5),
        (Course().reply(2).deliver(4, 2, "held").deliver(6, 2, "accepted"), 6),
        (Course().reply(2).deliver(4, 2).deliver(6, 2, "delivered").deliver(7, 2), None),
        (Course().reply(2, bulk=True).deliver(4, 2).deliver(6, 2, "delivered"), None),
        (Course().reply(2).deliver(4, 2).deliver(6, 2, "unknown"), None),
    ],
)
def test_the_first_answer_is_a_persons_and_reached_the_resident(course, stopped):
    runs = course.runs("first_response")
    assert times(runs) == [(0, stopped, None)]


def test_the_next_answer_is_owed_only_while_the_resident_waits():
    course = Course().reply(1).write(2).write(3).reply(5).reply(6).write(9)
    assert times(course.runs("next_response")) == [(2, 5, None), (9, None, None)]
    assert times(Course().write(2).reply(3).runs("next_response")) == []


def test_a_next_answer_that_did_not_arrive_was_none():
    course = Course().reply(1).write(2).reply(3).deliver(4, 4)
    assert times(course.runs("next_response")) == [(2, None, None)]


def test_the_resident_waits_since_intake_had_their_message():
    course = Course().reply(1)
    course.step(3, "message.recorded", None, at=at(2).isoformat())
    assert times(course.runs("next_response")) == [(2, None, None)]


def test_what_is_closed_is_owed_no_more_and_reopening_begins_a_new_run():
    course = Course().move(1, "in_progress").write(2).move(3, "closed")
    assert times(course.runs("first_response")) == [(0, None, 3)]
    assert times(course.runs("resolution")) == [(0, None, 3)]
    course.write(8).move(8, "in_progress", by=None).reply(9)
    assert times(course.runs("first_response")) == [(0, None, 3), (8, 9, None)]
    assert times(course.runs("resolution")) == [(0, None, 3), (8, None, None)]
    assert times(course.runs("next_response")) == []


def test_a_dispute_begins_a_new_run_until_something_comes_of_it():
    course = Course().move(1, "in_progress").move(2, "resolved").write(5).move(5, "in_progress", by=None)
    assert times(course.runs("resolution")) == [(0, 2, None), (5, None, None)]
    assert times(course.runs("next_response")) == [(5, None, None)]
    assert times(course.runs("first_response")) == [(0, 2, None)]


def test_each_owner_takes_it_up_by_acting():
    course = Course().give(1, BIRCH).reply(3, by=ASH).step(4, "case.accepted", BIRCH)
    assert [(run.owner_id, *times([run])[0]) for run in course.runs("acceptance")] == [
        (ASH, 0, None, 1),
        (BIRCH, 1, 4, None),
    ]


def test_joint_owners_have_a_clock_each_and_who_stays_keeps_hers():
    course = Course().give(1, ASH, BIRCH).move(2, "in_progress", by=BIRCH).give(3, BIRCH)
    assert [(run.owner_id, *times([run])[0]) for run in course.runs("acceptance")] == [
        (ASH, 0, None, 3),
        (BIRCH, 1, 2, None),
    ]


def test_a_queue_takes_nothing_up_and_who_takes_it_herself_has():
    course = Course(owner=None)
    assert course.runs("acceptance") == []
    course.give(2, ASH, by=ASH)
    assert times(course.runs("acceptance")) == [(2, 2, None)]


def test_what_was_resolved_before_it_was_taken_up_is_not_to_be_taken_up():
    course = Course().move(2, "resolved", by=BIRCH)
    assert times(course.runs("acceptance")) == [(0, None, 2)]


def test_a_clock_without_a_span_is_not_kept():
    under = terms(spans={"first_response": HOUR})
    assert {interval.clock for interval in intervals(RECEIVED, under, Course().entries)} == {"first_response"}


def test_a_promise_is_kept_broken_or_open():
    (run,) = Course().runs("first_response")
    assert run.kept(at(8)) is None
    assert run.kept(at(9)) is False
    assert Course().reply(8).runs("first_response")[0].kept(at(99)) is True
    assert Course().reply(9).runs("first_response")[0].kept(at(9)) is False
    assert Course().move(7, "closed").runs("first_response")[0].kept(at(99)) is None
    assert Course().move(9, "closed").runs("first_response")[0].kept(at(99)) is False


def test_standing_is_what_runs_soonest():
    course = Course().reply(1).write(2)
    stands = standing(intervals(RECEIVED, terms(), course.entries), ASH)
    assert (stands.response_due_at, stands.due_clock, stands.due_at) == (at(10), "next_response", at(10))
    assert (stands.first_responded_at, stands.accepted_at, stands.cycle) == (at(1), at(1), 1)
    course.reply(3)
    stands = standing(intervals(RECEIVED, terms(), course.entries), ASH)
    assert (stands.response_due_at, stands.due_clock, stands.warn_at) == (None, "resolution", at(30))
    course.move(4, "closed")
    stands = standing(intervals(RECEIVED, terms(), course.entries), ASH)
    assert (stands.due_at, stands.due_clock) == (None, None)
