"""What is told of a clock that runs: once each, up a ladder that passes over those it must not reach."""

from services.routing.domain.clocks import intervals, next_ring, ripe, tellings, to_be_told
from tests.unit.routing.clocks.courses import ASH, BIRCH, HOUR, LADDER, RECEIVED, SAGE, Course, at, terms

RUN = {"clock": "first_response", "cycle": 1, "started_at": RECEIVED.isoformat()}
ONLY_FIRST = terms(spans={"first_response": 8 * HOUR})


def wanted(course, under=ONLY_FIRST):
    return tellings(intervals(RECEIVED, under, course.entries), under, course.entries)


def marks(found):
    return [(each.what, each.at, each.rung) for each in found]


def test_a_warning_then_the_breach_then_rung_after_rung():
    assert marks(wanted(Course())) == [
        ("response.warned", at(6), 0),
        ("response.overdue", at(8), 0),
        ("response.escalated", at(8), 0),
        ("response.escalated", at(10), 1),
        ("response.escalated", at(12), 2),
    ]
    assert next_ring(wanted(Course())) == at(6)


def test_nothing_is_told_of_what_stopped_ended_or_stands_still():
    assert wanted(Course().reply(7)) == []
    assert wanted(Course().move(7, "closed")) == []
    resolution = terms(spans={"resolution": 8 * HOUR})
    assert wanted(Course().reply(1).move(2, "waiting_on_resident"), resolution) == []
    assert next_ring([]) is None


def test_what_was_told_is_not_told_again():
    course = Course().step(6, "response.warned", None, **RUN)
    assert next_ring(wanted(course)) == at(8)
    course.step(8, "response.overdue", None, **RUN)
    course.step(8, "response.escalated", None, **RUN, rung=0)
    assert marks(wanted(course)) == [("response.escalated", at(10), 1), ("response.escalated", at(12), 2)]
    course.move(9, "closed").move(20, "in_progress")
    assert next_ring(wanted(course)) == at(26)


def test_after_a_downtime_nobody_is_warned_of_what_is_broken():
    found = ripe(wanted(Course()), at(9))
    assert [each.what for each in found] == ["response.overdue", "response.escalated"]
    assert [each.what for each in ripe(wanted(Course()), at(7))] == ["response.warned"]
    course = Course().step(8, "response.overdue", None, **RUN)
    assert next_ring(wanted(course)) == at(8)
    assert "response.warned" not in [each.what for each in wanted(course)]


def test_the_ladder_passes_over_whom_the_case_must_not_reach():
    people = {"owner": [ASH], "supervisor": [SAGE], "oversight": [BIRCH]}
    assert to_be_told(LADDER, 0, people, set()) == ("owner", (ASH,))
    assert to_be_told(LADDER, 0, people, {ASH}) == ("supervisor", (SAGE,))
    assert to_be_told(LADDER, 0, people, {ASH, SAGE}) == ("oversight", (BIRCH,))
    assert to_be_told(LADDER, 1, people | {"supervisor": []}, set()) == ("oversight", (BIRCH,))
    assert to_be_told(LADDER, 0, people, {ASH, SAGE, BIRCH}) == ("", ())
