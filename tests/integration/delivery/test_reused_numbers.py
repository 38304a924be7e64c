"""A number used twice: what repeats is dropped, and what only looks so becomes a dead letter, never silence."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import event as hooks

from shared.deadletters import list_dead, replay
from shared.inbox.tables import INBOX, PARKED
from tests.integration.delivery.station import drain, note


@contextmanager
def counted(station):
    """Statements sent meanwhile."""
    sent = []

    def count(_conn, _cursor, statement, *_):
        sent.append(statement)

    hooks.listen(station.engine, "before_cursor_execute", count)
    yield sent
    hooks.remove(station.engine, "before_cursor_execute", count)


def test_another_event_with_a_used_number_is_a_dead_letter_that_says_why(station):
    case = uuid4()
    consumer = station.consumer()
    station.publish(note(case, 1), note(case, 2))
    drain(consumer)
    restored = note(case, 2)
    station.publish(restored, note(case, 3))
    drain(consumer)
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]
    with station.engine.connect() as conn:
        (letter,) = list_dead(conn)
    assert (letter.id, letter.reason, letter.name, letter.sequence) == (
        restored.id, "number_reused", "note.added", 2,
    )  # fmt: skip
    assert letter.error == "Another event of /routing about this subject had number 2; this one had no effect"


def test_of_two_that_come_together_the_first_is_handled(station):
    case = uuid4()
    station.publish(first := note(case, 1), second := note(case, 1))
    drain(station.consumer())
    assert [row.event_id for row in station.rows(INBOX)] == [first.id]
    assert [row.event_id for row in station.rows(PARKED)] == [second.id]


def test_it_is_told_once_however_often_it_comes(station):
    case = uuid4()
    station.publish(note(case, 1), restored := note(case, 1))
    consumer = station.consumer()
    drain(consumer)
    station.publish(restored, restored)
    drain(consumer)
    assert [row.event_id for row in station.rows(PARKED)] == [restored.id]


def test_replaying_it_changes_nothing_and_tells_what_to_do(station):
    case = uuid4()
    station.publish(note(case, 1), note(case, 1))
    consumer = station.consumer()
    drain(consumer)
    for dry_run in (True, False):
        with station.engine.begin() as conn:
            (verdict,) = replay(conn, station.clock.now(), dry_run=dry_run)
        assert verdict.outcome == "stays"
        assert "another event had number 1" in verdict.about
    drain(consumer)
    assert list(station.parked().values()) == ["number_reused"]
    assert station.effects() == [(case, 1)]


def test_it_stays_however_long_nobody_looks_at_it(station):
    case = uuid4()
    station.publish(note(case, 1), note(case, 1))
    drain(station.consumer())
    with station.engine.begin() as conn:
        (verdict,) = replay(conn, station.clock.now() + timedelta(days=30), dry_run=False)
    assert verdict.outcome == "stays"
    assert list(station.parked().values()) == ["number_reused"]


def test_it_blocks_nobody_and_hides_no_gap(station):
    case = uuid4()
    station.publish(note(case, 1), note(case, 1), note(case, 3))
    consumer = station.consumer()
    drain(consumer)
    assert station.parked() == {1: "number_reused", 3: "gap"}
    station.publish(note(case, 2))
    drain(consumer)
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]


def test_what_is_old_enough_to_be_forgotten_counts_as_repeated(station):
    case = uuid4()
    station.publish(note(case, 1))
    consumer = station.consumer()
    drain(consumer)
    old = note(case, 1)
    station.clock.forward(days=8)
    station.publish(old)
    drain(consumer)
    assert not station.rows(PARKED)


def test_where_the_last_state_wins_an_older_number_is_no_news(station):
    person = uuid4()
    consumer = station.consumer({"person.changed": lambda _tx, _events: None})
    station.publish(note(person, 5, "person.changed"))
    drain(consumer)
    station.publish(note(person, 4, "person.changed"), note(person, 5, "person.changed"))
    drain(consumer)
    assert not station.rows(PARKED)


def test_repetitions_cost_one_question_however_many_there_are(lite):
    consumer = lite.consumer()
    costs = []
    for number in (5, 200):
        events = [note(uuid4(), 1) for _ in range(number)]
        lite.publish(*events)
        drain(consumer)
        lite.publish(*events)
        with counted(lite) as sent:
            assert consumer.step(0.5) == number
        costs.append(sum("inbox.event_id" in statement for statement in sent))
    assert costs == [1, 1]
