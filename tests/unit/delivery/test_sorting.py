"""A batch is taken apart by values alone: what is ready, repeated, too early, or cannot be taken."""

from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus import Record
from shared.events import Event, full_type
from shared.ids import new_id
from shared.inbox.kinds import Kinds
from shared.inbox.sorting import Incoming, sort, waves

A, B = UUID(int=1), UUID(int=2)
NOTE = {"note_id": "x", "by": "y", "at": "z"}
HEARD = {"message_id": "x", "channel": "web", "at": "z"}
PERSON: dict[str, object] = {"role": "liaison", "team": None, "organisation": None, "active": True, "tokens": []}
DATA = {"note.added": NOTE, "message.recorded": HEARD, "person.changed": PERSON}


def nothing(_tx, _events):
    """A handler."""


KINDS = Kinds(dict.fromkeys(DATA, nothing))


def incoming(subject, sequence, name="note.added", *, version=1, data=None, kinds=KINDS):
    event = Event(
        id=new_id(), source="/routing", type=full_type(name, version), subject=subject, sequence=sequence,
        time=datetime.now(UTC), data=DATA.get(name, {}) if data is None else data, correlationid="c",
    )  # fmt: skip
    topic = "commonground.people" if name == "person.changed" else "commonground.cases"
    return Incoming(Record(topic, 0, 0, None, b""), event, kinds.of(event.type, topic))


def sequences(items):
    return [item.event.sequence for item in items]


def reasons(items):
    return {item.incoming.event.sequence: item.reason for item in items}


def sorted_from(batch, last=None, waiting=None, stuck=()):
    return sort(batch, last or {}, waiting or {}, stuck)


def test_in_order_is_ready():
    assert sequences(sorted_from([incoming(A, 1), incoming(A, 2), incoming(B, 1)]).ready) == [1, 2, 1]


def test_the_first_of_a_subject_is_number_one():
    assert reasons(sorted_from([incoming(A, 2)]).held) == {2: "gap"}


def test_what_is_not_after_the_last_is_repeated():
    result = sorted_from([incoming(A, 3), incoming(A, 4)], {("/routing", A): 3})
    assert (sequences(result.repeated), sequences(result.ready)) == ([3], [4])


def test_the_same_event_twice_in_a_batch_is_ready_once():
    twice = incoming(A, 1)
    result = sorted_from([twice, twice])
    assert (sequences(result.ready), sequences(result.repeated)) == ([1], [1])


def test_behind_a_gap_everything_of_that_subject_waits_and_nothing_else():
    result = sorted_from([incoming(A, 2), incoming(A, 3), incoming(B, 1)])
    assert reasons(result.held) == {2: "gap", 3: "blocked"}
    assert sequences(result.ready) == [1]


def test_what_a_handler_cannot_take_yet_holds_its_followers():
    late = incoming(A, 1)
    result = sorted_from([late, incoming(A, 2)], waiting={late.event.id: "no contact"})
    assert reasons(result.held) == {1: "not_yet", 2: "blocked"}
    assert result.held[0].error == "no contact"


def test_behind_a_failed_event_of_the_batch_followers_are_blocked():
    assert reasons(sorted_from([incoming(A, 2)], stuck=[("/routing", A)]).held) == {2: "blocked"}


def test_another_version_of_a_handled_type_waits_for_a_deployment():
    result = sorted_from([incoming(A, 1, version=2), incoming(A, 2)])
    assert reasons(result.held) == {1: "unknown_version", 2: "blocked"}


def test_another_version_of_a_type_nobody_handles_is_skipped():
    kinds = Kinds({"note.added": nothing})
    result = sorted_from([incoming(A, 1, "message.recorded", version=2, kinds=kinds), incoming(A, 2)])
    assert sequences(result.ready) == [1, 2]


@pytest.mark.parametrize("name", ["never.heard", "Strange Type", "note.added.extra"])
def test_an_unknown_type_is_skipped_but_keeps_its_place_in_the_sequence(name):
    result = sorted_from([incoming(A, 1, name), incoming(A, 2)])
    assert sequences(result.ready) == [1, 2]
    assert result.ready[0].kind.handler is None
    assert not result.ready[0].kind.catalogued


@pytest.mark.parametrize("data", [{}, {"by": "y", "at": "z"}, NOTE | {"by": None}])
def test_an_event_without_a_promised_field_is_malformed_and_closes_its_subject(data):
    result = sorted_from([incoming(A, 1, data=data), incoming(A, 2), incoming(B, 1)])
    assert reasons(result.malformed) == {1: "failed"}
    assert reasons(result.held) == {2: "blocked"}
    assert "note.added lacks" in (result.malformed[0].error or "")


def test_unknown_fields_are_no_reason_to_refuse():
    assert sequences(sorted_from([incoming(A, 1, data=NOTE | {"new": 1})]).ready) == [1]


def test_a_skipped_type_is_not_examined():
    kinds = Kinds({"note.added": nothing})
    assert sequences(sorted_from([incoming(A, 1, "message.recorded", data={}, kinds=kinds)]).ready) == [1]


def test_of_whole_states_the_last_wins_without_gaps():
    batch = [incoming(A, 3, "person.changed"), incoming(A, 7, "person.changed"), incoming(A, 5, "person.changed")]
    result = sorted_from(batch, {("/routing", A): 2})
    assert sequences(result.ready) == [7]
    assert sorted(sequences(result.repeated)) == [3, 5]


def test_a_handler_for_an_event_nobody_publishes_is_a_mistake():
    with pytest.raises(ValueError, match=r"no event is called case\.opend"):
        Kinds({"case.opend": nothing})


names = st.sampled_from(["note.added", "message.recorded"])


@given(st.lists(st.tuples(st.integers(1, 4), names), max_size=60))
def test_waves_keep_the_order_of_every_subject_and_hold_one_type_each(steps):
    reached = defaultdict(int)
    batch = []
    for number, name in steps:
        reached[number] += 1
        batch.append(incoming(UUID(int=number), reached[number], name))
    done = defaultdict(int)
    for kind, events in waves(batch):
        for event in events:
            assert event.name == kind.name
            done[event.subject.int] += 1
            assert event.sequence == done[event.subject.int]
    assert done == reached


def test_waves_gather_equal_types_of_different_subjects():
    batch = [
        incoming(UUID(int=n), s, name)
        for n in range(1, 101)
        for s, name in ((1, "note.added"), (2, "message.recorded"))
    ]
    assert [(kind.name, len(events)) for kind, events in waves(batch)] == [
        ("note.added", 100),
        ("message.recorded", 100),
    ]


@given(st.permutations(range(1, 9)), st.lists(st.integers(1, 8), max_size=4))
def test_any_arrival_order_ends_complete_and_in_order(order, repeats):
    """Held events come again with every round, as parking does; duplicates are mixed in."""
    waiting = [incoming(A, n) for n in [*order, *repeats]]
    last, handled = 0, []
    for _ in range(12):
        result = sorted_from(waiting, {("/routing", A): last})
        handled += sequences(result.ready)
        last = handled[-1] if handled else 0
        waiting = [held.incoming for held in result.held]
    assert handled == list(range(1, 9))
    assert not waiting
