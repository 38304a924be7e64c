"""The time until something came of a case, against a reference that walks every minute."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.clocks.derivation import reached
from tests.unit.routing.clocks.courses import ALWAYS, HOUR, OFFICE, RECEIVED, Course, at, terms

MINUTE = timedelta(minutes=1)
OTHERS_ACT = {"waiting_on_resident", "in_mediation", "referred"}


def test_it_stands_still_while_others_have_to_act():
    course = Course().reply(1).move(10, "waiting_on_resident")
    (run,) = course.runs("resolution")
    assert (run.paused_at, run.running, run.due_at) == (at(10), False, at(40))
    (run,) = course.move(15, "in_progress", by=None).runs("resolution")
    assert (run.paused_at, run.running, run.due_at, run.warn_at) == (None, True, at(45), at(35))
    (run,) = course.move(20, "in_mediation").move(30, "referred").move(31, "in_progress").runs("resolution")
    assert run.due_at == at(56)


def test_a_wait_for_an_answer_to_nothing_does_not_stop_it():
    (run,) = Course().move(10, "waiting_on_resident").runs("resolution")
    assert run.running
    (run,) = Course().reply(1).move(10, "waiting_on_resident").deliver(12, 2).runs("resolution")
    assert run.running


def test_a_question_that_arrives_late_stops_it_from_then():
    course = Course().reply(1).deliver(2, 2, "held").move(10, "waiting_on_resident").deliver(12, 2, "delivered")
    (run,) = course.runs("resolution")
    assert run.paused_at == at(12)
    (run,) = course.move(20, "in_progress").runs("resolution")
    assert run.due_at == at(48)


def test_an_older_question_that_arrives_late_is_not_the_one_they_wait_for():
    course = Course().reply(1).reply(2).deliver(3, 2).deliver(3, 3).move(10, "waiting_on_resident")
    (run,) = course.deliver(12, 2, "delivered").runs("resolution")
    assert run.running
    (run,) = course.deliver(13, 3, "delivered").runs("resolution")
    assert run.paused_at == at(13)


def test_what_is_broken_before_it_stands_still_stays_broken():
    course = Course().reply(1).move(41, "waiting_on_resident")
    (run,) = course.runs("resolution")
    assert (run.paused_at, run.due_at, run.kept(at(41))) == (None, at(40), False)
    (run,) = course.move(99, "in_progress").runs("resolution")
    assert run.due_at == at(40)


@st.composite
def pauses(draw):
    edges = draw(st.lists(st.integers(0, 9_000), max_size=8, unique=True).map(sorted))
    return [(RECEIVED + MINUTE * a, RECEIVED + MINUTE * b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([ALWAYS, OFFICE]), pauses(), st.integers(1, 1_500))
def test_a_due_moment_is_where_counting_minutes_ends(hours, stood_still, minutes):
    left, moment = minutes, RECEIVED
    while left:
        counts = hours.is_open(moment) and not any(a <= moment < b for a, b in stood_still)
        left -= counts
        moment += MINUTE
    assert reached(RECEIVED, MINUTE * minutes, stood_still, hours) == moment


STATES = ["in_progress", "waiting_on_resident", "in_mediation", "referred", "resolved"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 600), st.sampled_from(STATES)), min_size=1, max_size=7),
    st.integers(1, 40),
)
def test_a_resolution_is_kept_exactly_if_it_comes_before_the_promised_minutes_have_passed(steps, hours):
    course, minute, states = Course().reply(0), 0, [(0, "assigned")]
    for after, to in steps:
        minute += after
        course.move(minute / 60, to)
        states.append((minute, to))
        if to == "resolved":
            break
    under = terms(OFFICE, spans={"resolution": hours * HOUR})
    (run,) = course.runs("resolution", under)
    counted = sum(
        OFFICE.is_open(RECEIVED + MINUTE * number) and [s for m, s in states if m <= number][-1] not in OTHERS_ACT
        for number in range(minute - 1)
    )
    # A promise names a moment: what is done in the break after its last minute is too late.
    in_time = counted < hours * 60
    if run.stopped_at is not None:
        assert run.kept(run.stopped_at) is in_time
    elif run.running:
        assert (run.due_at >= RECEIVED + MINUTE * minute) is in_time
