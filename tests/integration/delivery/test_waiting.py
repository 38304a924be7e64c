"""What comes too early waits: for the event before it, or for another stream."""

from uuid import uuid4

from sqlalchemy import insert, update

from shared.inbox import NotYet
from shared.inbox.tables import PARKED
from tests.integration.delivery.station import EFFECTS, drain, note, record, step_until


def test_what_comes_early_waits_for_what_comes_before(station):
    case = uuid4()
    consumer = station.consumer()
    station.publish(note(case, 2), note(case, 4), note(case, 3))
    drain(consumer)
    assert station.effects() == []
    assert station.parked() == {2: "gap", 3: "blocked", 4: "blocked"}
    station.publish(note(case, 1))
    drain(consumer)
    assert station.effects() == [(case, sequence) for sequence in (1, 2, 3, 4)]
    assert not station.parked()


def test_what_two_workers_left_blocked_behind_nothing_is_found(station):
    """One worker parked it behind an event that another worker was just handling."""
    case = uuid4()
    consumer = station.consumer()
    station.publish(note(case, 2))
    drain(consumer)
    station.publish(note(case, 1))
    with station.engine.begin() as conn:
        conn.execute(update(PARKED).values(reason="blocked", next_try_at=None))
    consumer._handling.anything_parked = False
    consumer.step(0.5)
    assert station.parked() == {2: "blocked"}
    step_until(consumer, lambda: not station.parked())
    assert station.effects() == [(case, 1), (case, 2)]


def test_a_gap_of_one_subject_holds_no_other(station):
    one, two = uuid4(), uuid4()
    station.publish(note(one, 2), note(two, 1))
    drain(station.consumer())
    assert station.effects() == [(two, 1)]


def test_many_parked_events_of_one_subject_come_in_order(station):
    case = uuid4()
    consumer = station.consumer()
    station.publish(*[note(case, sequence) for sequence in range(2, 1202)])
    drain(consumer)
    station.publish(note(case, 1))
    drain(consumer)
    assert station.effects() == [(case, sequence) for sequence in range(1, 1202)]


def test_not_yet_waits_without_holding_the_others_and_never_fails(station):
    early, other = uuid4(), uuid4()
    contacts = {other}

    def needs_contact(tx, events):
        record(tx, events)
        if late := [event for event in events if event.subject not in contacts]:
            raise NotYet("no contact yet", late)

    consumer = station.consumer({"note.added": needs_contact})
    station.publish(note(early, 1), note(other, 1), note(early, 2))
    for _ in range(20):
        consumer.step()
        station.clock.forward(seconds=6)
    assert station.effects() == [(other, 1)]
    assert station.parked() == {1: "not_yet", 2: "blocked"}
    assert {row.attempts for row in station.rows(PARKED)} == {0}
    contacts.add(early)
    station.clock.forward(seconds=6)
    drain(consumer)
    assert station.effects() == [(other, 1), (early, 1), (early, 2)]


def test_what_must_hold_meanwhile_is_done_although_the_handler_is_undone(station):
    early, other = uuid4(), uuid4()
    ready = []

    def bar(tx):
        tx.conn.execute(insert(EFFECTS).values(event_id=uuid4(), name="bar", subject=early, sequence=0))

    def needs_contact(tx, events):
        record(tx, events)
        if not ready and (late := [event for event in events if event.subject == early]):
            raise NotYet("no contact yet", late, meanwhile=bar)

    consumer = station.consumer({"note.added": needs_contact})
    station.publish(note(early, 1), note(other, 1))
    consumer.step(1.0)
    assert station.effects() == [(early, 0), (other, 1)]
    ready.append(True)
    station.clock.forward(seconds=6)
    drain(consumer)
    assert station.effects() == [(early, 0), (other, 1), (early, 1)]


def test_what_cannot_be_done_meanwhile_is_a_failure_of_the_event(station):
    def needs_contact(tx, events):
        raise NotYet("no contact yet", events, meanwhile=lambda tx: 1 / 0)

    consumer = station.consumer({"note.added": needs_contact})
    station.publish(note(uuid4(), 1))
    consumer.step(1.0)
    assert station.parked() == {1: "failed"}


def test_not_yet_without_names_is_found_by_trying(station):
    subjects = [uuid4() for _ in range(40)]
    late = {subjects[3], subjects[17], subjects[39]}

    def needs_contact(tx, events):
        record(tx, events)
        if any(event.subject in late for event in events):
            raise NotYet("no contact yet")

    station.publish(*[note(subject, 1) for subject in subjects])
    consumer = station.consumer({"note.added": needs_contact})
    consumer.step(1.0)
    assert {subject for subject, _ in station.effects()} == set(subjects) - late
    assert list(station.parked().values()) == ["not_yet"]
    assert len(station.rows(PARKED)) == 3


def test_what_waits_for_another_stream_is_tried_soon_when_its_subject_moves(station):
    """Not only when its time comes: the other event releases it."""
    case = uuid4()
    seen = []

    def reply(tx, events):
        if "note.added" not in seen:
            raise NotYet("no note yet", events)
        record(tx, events)

    def noted(tx, events):
        seen.append("note.added")
        record(tx, events)

    consumer = station.consumer({"message.recorded": reply, "person.changed": noted})
    station.publish(note(case, 1, "message.recorded"))
    consumer.step(0.5)
    assert station.parked() == {1: "not_yet"}
    station.publish(note(case, 1, "person.changed"))
    consumer.step(0.5)
    due = station.rows(PARKED)[0].next_try_at
    assert due <= station.clock.now()
