"""Whatever happens to a case: for each minute, a slow reference asks the whole past who waits for whom."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.clocks import intervals
from tests.unit.routing.clocks.courses import HOUR, RECEIVED, Course, terms

ANSWERS = ("reply", "reached", "lost", "late")
STEPS = (*ANSWERS, "bulk", "missed", "write", "close", "reopen")
LATE_BY = 5


@st.composite
def histories(draw):
    """A course, and (minute, what) of each step, one a minute at most."""
    course, minute, steps = Course(), 0, []
    for _ in range(draw(st.integers(0, 14))):
        minute += draw(st.integers(LATE_BY + 1, 40))
        what = draw(st.sampled_from(STEPS))
        closed = course.state == "closed"
        if closed != (what == "reopen") and not (closed and what == "write"):
            continue
        take(course, minute, what)
        steps.append((minute, what))
    return course, steps, minute


def take(course, minute, what):
    at = minute / 60
    if what in ("reply", "lost", "late", "bulk"):
        course.reply(at, bulk=what == "bulk")
        sequence = course.last()
        if what in ("lost", "late"):
            course.deliver(at + 1 / 60, sequence)
        if what == "late":
            course.deliver(at + LATE_BY / 60, sequence, "delivered")
    elif what in ("reached", "missed"):
        course.call(at, what)
    elif what == "write":
        course.write(at)
    else:
        course.move(at, "closed" if what == "close" else "in_progress", by=None)


def owed(steps, minute):
    """(a first answer, a next answer) owed in the minute that begins then, from everything known in the end."""
    first, following, closed = True, False, False
    for at, what in happened(steps):
        if at > minute:
            break
        if what == "answered":
            first, following = False, False
        elif what == "close":
            first, following, closed = False, False, True
        elif what == "reopen":
            first, closed = True, False
        elif what == "write" and not closed and not first:
            following = True
    return first, following


def happened(steps):
    """What counts, at its minute: lost words never, late ones when they arrived, though never in a closed case."""
    counted = [
        (at + LATE_BY if what == "late" else at, "answered" if what in ANSWERS else what)
        for at, what in steps
        if what != "lost"
    ]
    return sorted(counted, key=lambda each: each[0])


def over(run):
    return run.stopped_at or run.ended_at or RECEIVED + HOUR * 9_999


@settings(max_examples=300, deadline=None)
@given(histories())
def test_a_clock_runs_in_exactly_those_minutes_in_which_the_resident_waits(drawn):
    course, steps, minute = drawn
    end = minute + LATE_BY + 1
    found = intervals(RECEIVED, terms(), course.entries)
    for number, clock in enumerate(("first_response", "next_response")):
        runs = [run for run in found if run.clock == clock]
        for at in range(end):
            moment = RECEIVED + HOUR * at / 60
            runs_then = any(run.started_at <= moment < over(run) for run in runs)
            assert runs_then is owed(steps, at)[number], (clock, at, steps)
