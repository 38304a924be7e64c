"""References, pseudonyms, passwords, clocks and roles."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.clocks import Interval, first_response_intervals, is_overdue
from services.routing.domain.passwords import normalised, weakness
from services.routing.domain.pseudonyms import BIRDS, COLOURS, pseudonym
from services.routing.domain.references import new_reference, new_references
from services.routing.domain.refusals import NotAllowed
from services.routing.domain.roles import ANSWER, MANAGE_PEOPLE, READ, RIGHTS, ROLES, may, need
from shared.events.catalogue.people import ROLES as PUBLISHED_ROLES

ME = UUID(int=1)
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_references_can_be_read_out():
    for _ in range(200):
        assert re.fullmatch(r"[ACEFGHJKLMNPRTWXY][1-9]-[1-9]{3}-[1-9]{3}", new_reference())
    assert len(set(new_references(2_000))) == 2_000


@given(st.uuids())
def test_a_pseudonym_is_steady_and_a_coloured_bird(case_id):
    colour, _, bird = pseudonym(case_id).partition(" ")
    assert pseudonym(case_id) == pseudonym(UUID(str(case_id)))
    assert colour in COLOURS
    assert bird in BIRDS


def test_pseudonyms_differ_and_are_spread():
    assert len(set(BIRDS)) == len(BIRDS)
    names = {pseudonym(UUID(int=number * 7919)) for number in range(500)}
    assert len(names) > 300


@pytest.mark.parametrize(
    "password",
    ["short", "a" * 11, "aaaaaaaaaaaaaaaa", "abababababab", "password1234", "Password12345", "qwertyuiop12",
     "x" * 50 + "yz12" + "w" * 200, "rowan likes tea", "Sample of nothing"],
)  # fmt: skip
def test_weak_passwords_are_refused_with_words(password):
    assert weakness(password, "rowan", "Rowan Sample")


@pytest.mark.parametrize("password", ["four words in order", "lamp tiger ocean quilt", "þorn and ðat ünder"])
def test_long_ones_will_do(password):
    assert weakness(password, "rowan", "Rowan Sample") is None


def test_the_same_keys_give_the_same_password():
    assert normalised("e\u0301te\u0301") == normalised("\u00e9t\u00e9")


def test_a_promise_is_kept_broken_or_open():
    running = Interval(cycle=1, started_at=NINE, due_at=NINE + DAY)
    assert running.kept(NINE) is None
    assert running.kept(NINE + DAY) is None
    assert running.kept(NINE + 2 * DAY) is False
    assert Interval(cycle=1, started_at=NINE, due_at=NINE + DAY, stopped_at=NINE + DAY).kept(NINE + 9 * DAY) is True
    assert Interval(cycle=1, started_at=NINE, due_at=NINE, stopped_at=NINE + DAY).kept(NINE) is False
    assert not is_overdue(None, NINE)
    assert is_overdue(NINE, NINE + DAY)
    assert not is_overdue(NINE, NINE)


def entry(kind, at, by=ME, **data):
    return {"type": kind, "at": at, "actor_id": by, "data": data}


def test_only_a_person_stops_the_clock_and_only_reopening_starts_it_again():
    hours = [NINE + timedelta(hours=number) for number in range(8)]
    history = [
        entry("message.recorded", hours[1], by=None),
        entry("note.added", hours[1]),
        entry("reply.written", hours[2], by=None),
        entry("state.changed", hours[2], from_state="assigned", to_state="in_progress"),
        entry("reply.written", hours[3]),
        entry("reply.written", hours[4]),
        entry("state.changed", hours[5], by=None, from_state="closed", to_state="in_progress"),
        entry("state.changed", hours[7], from_state="in_progress", to_state="resolved"),
    ]
    first, second = first_response_intervals(NINE, DAY, history)
    assert (first.cycle, first.due_at, first.stopped_at) == (1, NINE + DAY, hours[3])
    assert (second.cycle, second.started_at, second.due_at) == (2, hours[5], hours[5] + DAY)
    assert second.stopped_at == hours[7]


def test_roles_are_the_published_ones_and_each_has_rights():
    assert ROLES == PUBLISHED_ROLES
    assert set(RIGHTS) == set(ROLES)


def test_administrators_read_no_case_and_auditors_change_none():
    assert not may("administrator", READ)
    assert may("administrator", MANAGE_PEOPLE)
    assert not may("auditor", ANSWER)
    with pytest.raises(NotAllowed):
        need("auditor", ANSWER)
    with pytest.raises(NotAllowed):
        need("a role nobody has", READ)
