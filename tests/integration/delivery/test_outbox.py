"""An effect and its events are committed together or not at all, and the relay hears of it afterwards."""

from uuid import uuid4

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Uuid
from sqlalchemy.exc import IntegrityError, NoResultFound

from shared.outbox import Outbox, advance
from shared.outbox.backlog import OUTBOX
from shared.outbox.tables import BODY_LIMIT
from shared.outbox.transaction import EventTooLarge
from tests.integration.delivery.station import SAMPLES, note, record

NOTE = SAMPLES["note.added"]


class Bell:
    """Notes what the outbox held when it rang."""

    def __init__(self, station):
        self.station = station
        self.heard = []

    def ring(self):
        self.heard.append(len(self.station.rows(OUTBOX)))


@pytest.fixture
def bell(station):
    return Bell(station)


@pytest.fixture
def outbox(station, bell):
    return Outbox(station.engine, OUTBOX, "/routing", station.clock, bell)


def test_what_fails_after_the_events_takes_them_along(station, outbox, bell):
    with pytest.raises(ZeroDivisionError), outbox.transaction() as tx:
        tx.emit("note.added", uuid4(), 1, NOTE)
        raise ZeroDivisionError
    assert station.rows(OUTBOX) == []
    assert bell.heard == []


def test_events_that_cannot_be_written_take_the_effect_along(station, outbox, bell):
    case = uuid4()
    station.emit(case, 1)
    with pytest.raises(IntegrityError), outbox.transaction() as tx:
        record(tx, [note(case, 1)])
        tx.emit("note.added", case, 1, NOTE)
    assert station.effects() == []
    assert bell.heard == []


def test_the_bell_rings_once_and_after_the_commit(outbox, bell):
    with outbox.transaction() as tx:
        tx.emit("note.added", uuid4(), 1, NOTE)
        tx.emit("note.added", uuid4(), 1, NOTE)
        assert bell.heard == []
    assert bell.heard == [2]


def test_without_events_nobody_is_woken(station, outbox, bell):
    with outbox.transaction() as tx:
        record(tx, [note(uuid4(), 1)])
    assert len(station.effects()) == 1
    assert bell.heard == []


def test_an_event_over_256_kib_is_refused_at_once(station, outbox):
    with pytest.raises(EventTooLarge), outbox.transaction() as tx:
        record(tx, [note(uuid4(), 1)])
        tx.emit("reply.written", uuid4(), 1, reply("x" * BODY_LIMIT))
    assert station.effects() == []


def reply(sealed):
    return {
        "message_id": str(uuid4()), "by": str(uuid4()), "public_state": "answered",
        "at": "2026-01-05T10:00:00Z", "key": "k", "sealed": sealed,
    }  # fmt: skip


def test_sequences_are_drawn_under_a_lock_and_without_holes(station):
    items = Table("items", MetaData(), Column("id", Uuid, primary_key=True), Column("sequence", Integer))
    items.create(station.engine)
    item = uuid4()
    with station.engine.begin() as conn:
        conn.execute(items.insert().values(id=item, sequence=0))
        assert advance(conn, items, item) == 1
        assert advance(conn, items, item, by=3) == 4
        with pytest.raises(NoResultFound):
            advance(conn, items, uuid4())
