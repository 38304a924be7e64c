"""What cannot be handled is put aside with its followers; outages blame no event; a bad deploy stops."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.bus import Message
from shared.events import encode, to_message
from shared.inbox import BadDeploy
from shared.inbox.tables import PARKED
from tests.integration.delivery.station import drain, note, record

AFTER_ANY_BACKOFF = 901


class Picky:
    """A handler that refuses some subjects, for as long as a test likes."""

    def __init__(self, *refused):
        self.refused = set(refused)
        self.calls = 0

    def __call__(self, tx, events):
        self.calls += 1
        record(tx, events)
        for event in events:
            if event.subject in self.refused:
                raise ValueError(f"cannot take {event.sequence}")


def test_one_bad_event_in_a_batch_of_many_fails_alone(station):
    subjects = [uuid4() for _ in range(300)]
    picky = Picky(subjects[111])
    station.publish(*[note(subject, sequence) for sequence in (1, 2) for subject in subjects])
    drain(station.consumer({"note.added": picky}))
    effects = station.effects()
    assert len(effects) == len(set(effects)) == 598
    assert station.parked() == {1: "failed", 2: "blocked"}
    assert picky.calls < 60


def test_a_failed_event_is_tried_again_and_then_its_followers_go_on(station):
    case = uuid4()
    picky = Picky(case)
    consumer = station.consumer({"note.added": picky})
    station.publish(note(case, 1), note(case, 2))
    drain(consumer)
    station.publish(note(case, 3))
    drain(consumer)
    assert station.parked() == {1: "failed", 2: "blocked", 3: "blocked"}
    picky.refused.clear()
    station.clock.forward(seconds=2)
    drain(consumer)
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]
    assert not station.parked()


def test_eight_tries_then_dead_and_the_followers_stay_behind_it(station):
    case, other = uuid4(), uuid4()
    picky = Picky(case)
    consumer = station.consumer({"note.added": picky})
    station.publish(note(case, 1), note(case, 2))
    drain(consumer)
    for _ in range(12):
        station.clock.forward(seconds=AFTER_ANY_BACKOFF)
        drain(consumer)
    station.publish(note(case, 3), note(other, 1))
    drain(consumer)
    assert station.parked() == {1: "dead", 2: "blocked", 3: "blocked"}
    assert station.effects() == [(other, 1)]
    dead = next(row for row in station.rows(PARKED) if row.sequence == 1)
    assert dead.attempts == 8
    assert dead.error == "ValueError: cannot take 1"
    assert dead.first_at < dead.last_at
    assert dead.next_try_at is None


def test_tries_move_apart(station):
    case = uuid4()
    consumer = station.consumer({"note.added": Picky(case)})
    station.publish(note(case, 1))
    waits = []
    for _ in range(7):
        drain(consumer)
        row = station.rows(PARKED)[0]
        waits.append(round((row.next_try_at - row.last_at).total_seconds()))
        station.clock.forward(seconds=waits[-1] + 0.1)
    assert waits == [1, 4, 16, 64, 256, 900, 900]


@pytest.mark.parametrize(
    ("value", "headers"),
    [(b"\xff\x00 no json", ()), (None, ()), (b"{}", (("ce_id", b"nonsense"), ("h\u00e9ader", b"\x00\xff")))],
)
def test_a_record_that_is_no_event_is_kept_as_it_is(station, value, headers):
    case = uuid4()
    consumer = station.consumer()
    station.put(Message("commonground.cases", b"some key", value, headers))
    station.publish(note(case, 1))
    drain(consumer)
    assert station.effects() == [(case, 1)]
    (row,) = station.rows(PARKED)
    assert row.reason == "undecodable"
    assert (row.topic, row.key, row.value) == ("commonground.cases", b"some key", value)
    assert row.partition >= 0
    assert row.offset == 0
    assert row.error
    assert row.first_at <= row.last_at


def test_the_same_unreadable_record_read_again_is_the_same_dead_letter(station):
    station.put(Message("commonground.cases", b"k", b"no json", ()))
    station.put(Message("commonground.cases", b"k", b"no json", ()))
    for group in ("one", "two"):
        consumer = station.consumer()
        consumer.group = group
        drain(consumer)
    assert len(station.rows(PARKED)) == 2


def test_an_event_without_a_promised_field_is_parked_not_raised_deep_inside(station):
    case, other = uuid4(), uuid4()
    broken = note(case, 1, by=None)
    station.publish(broken, note(case, 2), note(other, 1))
    drain(station.consumer())
    assert station.effects() == [(other, 1)]
    assert station.parked() == {1: "failed", 2: "blocked"}
    assert "note.added lacks by" in next(row.error for row in station.rows(PARKED) if row.sequence == 1)


def test_a_newer_version_waits_for_a_newer_deployment(station):
    case = uuid4()
    attributes, body = encode(note(case, 1))
    station.put(to_message("commonground.cases", attributes | {"type": "org.commonground.note.added.v2"}, body))
    station.publish(note(case, 2))
    consumer = station.consumer()
    for _ in range(12):
        drain(consumer)
        station.clock.forward(seconds=AFTER_ANY_BACKOFF)
    assert station.parked() == {1: "unknown_version", 2: "blocked"}
    assert {row.attempts for row in station.rows(PARKED)} == {0}


def test_twenty_different_failures_in_a_row_stop_before_anything_is_buried(station):
    subjects = [uuid4() for _ in range(60)]
    station.publish(*[note(subject, 1) for subject in subjects])
    bad = station.consumer({"note.added": Picky(*subjects)})
    with pytest.raises(BadDeploy):
        drain(bad)
    bad.close()
    assert not station.parked()
    drain(station.consumer())
    assert {subject for subject, _ in station.effects()} == set(subjects)


def test_twenty_unreadable_records_in_a_row_stop_too(lite):
    lite.put(*[Message("commonground.cases", b"%d" % n, b"no json", ()) for n in range(25)])
    with pytest.raises(BadDeploy):
        drain(lite.consumer())
    assert not lite.rows(PARKED)


def test_unreadable_records_among_good_events_are_no_bad_deploy(station):
    subjects = [uuid4() for _ in range(100)]
    station.put(*[Message("commonground.cases", b"%d" % n, b"no json", ()) for n in range(30)])
    station.publish(*[note(subject, 1) for subject in subjects])
    consumer = station.consumer()
    assert consumer.step(1.0) == 130
    assert {subject for subject, _ in station.effects()} == set(subjects)
    assert [row.reason for row in station.rows(PARKED)] == ["undecodable"] * 30


def test_unreadable_records_among_events_handled_before_are_none_either(lite):
    """The process died between the effect and the dead letters: the same batch comes again."""
    events = [note(uuid4(), 1) for _ in range(5)]
    consumer = lite.consumer()
    lite.publish(*events)
    drain(consumer)
    lite.put(*[Message("commonground.cases", b"%d" % n, b"no json", ()) for n in range(30)])
    lite.publish(*events)
    assert consumer.step(1.0) == 35
    assert len(lite.rows(PARKED)) == 30


def test_unreadable_records_beside_events_that_fail_are_a_bad_deploy(lite):
    subjects = [uuid4() for _ in range(5)]
    lite.put(*[Message("commonground.cases", b"%d" % n, b"no json", ()) for n in range(18)])
    lite.publish(*[note(subject, 1) for subject in subjects])
    with pytest.raises(BadDeploy):
        lite.consumer({"note.added": Picky(*subjects)}).step(1.0)
    assert not lite.rows(PARKED)


def test_bad_events_among_good_ones_are_no_bad_deploy(station):
    subjects = [uuid4() for _ in range(200)]
    bad = set(subjects[::8])
    station.publish(*[note(subject, 1) for subject in subjects])
    drain(station.consumer({"note.added": Picky(*bad)}))
    assert {subject for subject, _ in station.effects()} == set(subjects) - bad
    assert [row.reason for row in station.rows(PARKED)] == ["failed"] * 25


def test_old_failures_that_come_due_together_are_no_bad_deploy(lite):
    subjects = [uuid4() for _ in range(30)]
    picky = Picky(*subjects)
    consumer = lite.consumer({"note.added": picky})
    for subject in subjects:
        lite.publish(note(subject, 1), note(uuid4(), 1))
        drain(consumer)
    lite.clock.forward(seconds=AFTER_ANY_BACKOFF)
    drain(consumer)
    assert {row.reason for row in lite.rows(PARKED)} == {"failed"}
    assert len(lite.rows(PARKED)) == 30


def test_no_words_of_an_error_break_the_parking(station):
    def handler(_tx, _events):
        raise ValueError("\x00 \ud83d half an emoji " + "x" * 100_000)

    station.publish(note(uuid4(), 1))
    drain(station.consumer({"note.added": handler}))
    assert station.parked() == {1: "failed"}


def test_a_handler_that_breaks_its_transaction_fails_alone(station):
    """On PostgreSQL a failed statement spoils the whole transaction; the others of the batch must not suffer."""
    bad, good = uuid4(), uuid4()

    def handler(tx, events):
        record(tx, events)
        if any(event.subject == bad for event in events):
            tx.conn.execute(text("INSERT INTO effects (id, name) VALUES (NULL, NULL)"))

    station.publish(note(bad, 1), note(good, 1))
    drain(station.consumer({"note.added": handler}))
    assert station.effects() == [(good, 1)]
    assert station.parked() == {1: "failed"}
