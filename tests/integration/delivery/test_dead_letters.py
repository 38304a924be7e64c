"""Dead letters are listed, shown and replayed; a dry run changes nothing, and replaying twice neither."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from shared.bus import Message, Record
from shared.deadletters import count_dead, list_dead, replay, show
from shared.events import encode, to_message
from shared.inbox.parking import raw
from shared.inbox.tables import INBOX, PARKED
from shared.outbox.backlog import OUTBOX
from tests.integration.delivery.station import drain, note, record, step_until

AFTER_ANY_BACKOFF = 901


@pytest.fixture
def buried(station):
    """A case whose first event is dead with two behind it, and the consumer; `mend()` repairs the handler."""
    broken = {"still"}

    def handler(tx, events):
        if broken:
            raise ValueError("cannot")
        record(tx, events)

    case = uuid4()
    consumer = station.consumer({"note.added": handler})
    station.publish(note(case, 1), note(case, 2), note(case, 3))
    for _ in range(9):
        drain(consumer)
        station.clock.forward(seconds=AFTER_ANY_BACKOFF)
    assert station.parked() == {1: "dead", 2: "blocked", 3: "blocked"}
    return case, consumer, broken.clear


def replayed(station, ids=None, *, dry_run=False):
    with station.engine.begin() as conn:
        return [verdict.outcome for verdict in replay(conn, station.clock.now(), ids, dry_run=dry_run)]


def state(station):
    return [station.rows(table) for table in (INBOX, PARKED, OUTBOX)], station.effects()


def test_they_are_listed_and_shown(station, buried):
    case, _, _ = buried
    with station.engine.connect() as conn:
        assert count_dead(conn) == 1
        (letter,) = list_dead(conn)
        contents = show(conn, letter.id)
        assert show(conn, uuid4()) is None
    assert (letter.box, letter.reason, letter.name, letter.subject) == ("inbox", "dead", "note.added", case)
    assert (letter.sequence, letter.attempts, letter.error) == (1, 8, "ValueError: cannot")
    assert contents.letter == letter
    assert contents.key == str(case)
    assert contents.headers["ce_sequence"] == "1"
    assert '"note_id"' in contents.value


def test_a_dry_run_tells_and_changes_nothing(station, buried):
    before = state(station)
    assert replayed(station, dry_run=True) == ["tried"]
    assert state(station) == before


def test_after_mending_a_replay_handles_it_and_its_followers_in_order(station, buried):
    case, consumer, mend = buried
    mend()
    assert replayed(station) == ["tried"]
    step_until(consumer, lambda: not station.parked())
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]


def test_a_replay_without_mending_fails_again_and_can_be_repeated(station, buried):
    case, consumer, mend = buried
    replayed(station)
    step_until(consumer, lambda: {row.attempts for row in station.rows(PARKED)} == {0, 1})
    assert station.parked() == {1: "failed", 2: "blocked", 3: "blocked"}
    assert replayed(station) == []
    mend()
    station.clock.forward(seconds=AFTER_ANY_BACKOFF)
    drain(consumer)
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]


def test_replaying_everything_twice_changes_nothing(station, buried):
    _, consumer, mend = buried
    mend()
    replayed(station)
    assert replayed(station) == []
    step_until(consumer, lambda: not station.parked())
    after = state(station)
    assert replayed(station) == []
    drain(consumer)
    assert state(station) == after


def test_a_letter_whose_event_was_handled_meanwhile_is_dropped(station, buried):
    case, _, _ = buried
    with station.engine.begin() as conn:
        first = conn.execute(select(PARKED.c.event_id).where(PARKED.c.sequence == 1)).scalar_one()
        conn.execute(
            INBOX.insert().values(
                consumer="commonground.sample", event_id=first, source="/routing", subject=case, sequence=1,
                handled_at=station.clock.now(),
            )
        )  # fmt: skip
    assert replayed(station, dry_run=True) == ["known"]
    assert replayed(station) == ["known"]
    assert station.parked() == {2: "blocked", 3: "blocked"}


def test_a_letter_behind_another_waits_for_it(station, buried):
    _, consumer, _ = buried
    with station.engine.begin() as conn:
        conn.execute(update(PARKED).where(PARKED.c.sequence == 3).values(reason="dead"))
    with station.engine.connect() as conn:
        third = next(letter.id for letter in list_dead(conn) if letter.sequence == 3)
    assert replayed(station, [third]) == ["waits"]
    drain(consumer)
    assert station.effects() == []


def test_what_was_no_event_stays_until_the_code_can_read_it(station):
    case = uuid4()
    event = note(case, 1)
    attributes, body = encode(event)
    unreadable = to_message("commonground.cases", attributes | {"specversion": "9"}, body)
    station.put(unreadable, Message("commonground.cases", b"k", b"never", ()))
    consumer = station.consumer()
    drain(consumer)
    assert replayed(station) == ["stays", "stays"]
    readable = to_message("commonground.cases", attributes, body)
    with station.engine.begin() as conn:  # as if newer code could read the bytes
        headers = raw(Record("commonground.cases", 0, 0, None, None, readable.headers))["headers"]
        conn.execute(update(PARKED).where(PARKED.c.key == str(case).encode()).values(headers=headers))
    assert sorted(replayed(station)) == ["stays", "tried"]
    step_until(consumer, lambda: station.effects() == [(case, 1)])
    assert [row.reason for row in station.rows(PARKED)] == ["undecodable"]


def test_what_the_bus_refused_is_listed_and_sent_again(station):
    case = uuid4()
    station.emit(case, 1)
    with station.engine.begin() as conn:
        conn.execute(update(OUTBOX).values(dead_at=station.clock.now(), attempts=5, error="too large"))
    with station.engine.connect() as conn:
        (letter,) = list_dead(conn)
        contents = show(conn, letter.id)
    assert (letter.box, letter.error, letter.subject, letter.offset) == ("outbox", "too large", case, None)
    assert '"note_id"' in contents.value
    relay = station.relay()
    assert replayed(station, dry_run=True) == ["sent"]
    assert relay.step() == 0
    assert replayed(station, [letter.id]) == ["sent"]
    assert relay.step() == 1
    relay.close()
    drain(station.consumer())
    assert station.effects() == [(case, 1)]
