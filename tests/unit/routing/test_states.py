"""The table of states: what may follow what, for whom, and what residents see."""

import pytest

from services.routing.domain import states
from services.routing.domain.refusals import Impossible, Invalid, NotAllowed
from shared.events.catalogue.parts import PUBLIC_STATES, STATES

TABLE = {
    "new": {"assigned", "quarantined", "in_review"},
    "quarantined": {"new", "closed"},
    "in_review": {"assigned", "referred", "closed"},
    "assigned": {"in_progress", "assigned", "referred", "in_mediation"},
    "in_progress": {"waiting_on_resident", "resolved", "referred", "in_mediation", "assigned"},
    "waiting_on_resident": {"in_progress", "resolved"},
    "in_mediation": {"in_progress", "resolved"},
    "referred": {"in_progress", "closed"},
    "resolved": {"closed", "in_progress"},
    "closed": {"in_progress"},
}


def test_the_table_is_the_promised_one():
    assert {state: set(states.after(state)) for state in states.STATES} == TABLE


def test_states_are_those_the_events_speak_of():
    assert states.STATES == STATES
    assert set(states.PUBLIC_STATES.values()) == set(PUBLIC_STATES)
    assert set(states.PUBLIC_STATES) == set(STATES)


@pytest.mark.parametrize("state", states.STATES)
def test_no_state_is_a_dead_end(state):
    assert states.after(state)


@pytest.mark.parametrize("state", states.STATES)
@pytest.mark.parametrize("role", ["auditor", "administrator", "nobody"])
def test_who_does_not_answer_residents_changes_nothing(state, role):
    assert states.choices(state, role) == ()


@pytest.mark.parametrize("origin", states.STATES)
@pytest.mark.parametrize("to", states.STATES)
def test_choices_are_what_the_check_lets_pass(origin, to):
    for role in ("liaison", "partner", "supervisor", "oversight"):
        try:
            states.check_by_hand(origin, to, role)
            passed = True
        except (Impossible, NotAllowed):
            passed = False
        assert passed == (to in states.choices(origin, role))


def test_what_oversight_reviews_is_not_for_the_police():
    for to in ("referred", "closed", "assigned"):
        with pytest.raises(NotAllowed):
            states.check("in_review", to, "liaison")
        with pytest.raises(NotAllowed):
            states.check("in_review", to, "supervisor")
        states.check("in_review", to, "oversight")


def test_a_resolved_case_closes_by_time_alone():
    with pytest.raises(Impossible, match="by itself"):
        states.check("resolved", "closed", "supervisor")
    states.check("resolved", "closed", "time")


def test_residents_wake_what_sleeps():
    for state in states.WOKEN_BY_RESIDENT:
        states.check(state, "in_progress", "resident")


@pytest.mark.parametrize("outcome", [None, "", "done"])
def test_resolving_needs_a_known_outcome(outcome):
    with pytest.raises(Invalid) as refused:
        states.check_outcome("liaison", outcome, "We fixed the light.")
    assert refused.value.pointer == "/outcome"


@pytest.mark.parametrize("sentence", [None, "", "  "])
def test_resolving_needs_a_sentence(sentence):
    with pytest.raises(Invalid) as refused:
        states.check_outcome("liaison", "explained", sentence)
    assert refused.value.pointer == "/sentence"


def test_findings_about_a_person_are_oversights():
    with pytest.raises(NotAllowed):
        states.check_outcome("supervisor", "sustained", "It was so.")
    states.check_outcome("oversight", "sustained", "It was so.")
