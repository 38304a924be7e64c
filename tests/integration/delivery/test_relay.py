"""Every committed event reaches the bus at least once, one item's events in order, whatever fails between."""

import threading
import time
from uuid import uuid4

import pytest

from shared.bus import BusStuck, BusUnavailable
from shared.outbox.backlog import OUTBOX
from shared.outbox.relay import BATCH, REFUSALS
from shared.pulse import Pulse
from tests.integration.delivery.station import SAMPLES, Station, drain, until


def test_rows_are_sent_in_order_and_marked(station):
    one, two = uuid4(), uuid4()
    station.emit(one, 1, 2)
    station.emit(two, 1)
    station.emit(one, 3)
    relay = station.relay()
    assert relay.step() == 4
    relay.close()
    sent = station.on_bus()
    assert [s for subject, s in sent if subject == one] == [1, 2, 3]
    assert len(sent) == 4
    assert station.unsent() == []


def test_a_crash_between_send_and_mark_sends_again_and_inboxes_drop_it(station, disturbed):
    case = uuid4()
    station.emit(case, 1, 2)

    def crash(_messages, _flags):
        raise SystemExit

    disturbed.after = crash
    relay = station.relay(disturbed)
    with pytest.raises(SystemExit):
        relay.step()
    relay.close()
    assert station.unsent() == [1, 2]
    successor = station.relay()
    assert successor.step() == 2
    successor.close()
    assert len(station.on_bus()) == 4
    drain(station.consumer())
    assert station.effects() == [(case, 1), (case, 2)]


def test_only_what_is_confirmed_is_marked_and_the_rest_comes_in_order(station, disturbed):
    case, other = uuid4(), uuid4()
    station.emit(case, 1, 2, 3)
    station.emit(other, 1)
    disturbed.after = lambda messages, flags: [m.key != str(case).encode() for m in messages]
    relay = station.relay(disturbed)
    assert relay.step() == 4
    assert station.unsent() == [1, 2, 3]
    disturbed.after = lambda messages, flags: flags
    assert relay.step() == 3
    relay.close()
    assert station.unsent() == []
    drain(station.consumer())
    assert [s for subject, s in station.effects() if subject == case] == [1, 2, 3]


def test_a_bus_away_is_waited_out_for_ever(station, disturbed):
    case = uuid4()
    tries = []

    def away(messages):
        tries.append(len(messages))
        raise BusUnavailable("away")

    disturbed.before = away
    pulse = Pulse()
    thread = threading.Thread(target=station.relay(disturbed).run, args=(pulse,))
    thread.start()
    station.emit(case, 1)
    until(lambda: len(tries) > 3)
    assert pulse.paused_by == "BusUnavailable"
    assert {(row.attempts, row.dead_at) for row in station.rows(OUTBOX)} == {(0, None)}
    disturbed.before = lambda messages: None
    until(lambda: station.unsent() == [])
    pulse.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_a_client_beyond_repair_ends_the_thread(station, disturbed):
    def stuck(_messages):
        raise BusStuck("nothing was delivered")

    disturbed.before = stuck
    station.emit(uuid4(), 1)
    with pytest.raises(BusStuck):
        station.relay(disturbed).run(Pulse())


def test_a_row_the_bus_never_takes_dies_alone(station, disturbed):
    poison, other = uuid4(), uuid4()
    station.emit(poison, 1)
    station.emit(other, 1, 2)

    def refuse(messages):
        if any(message.key == str(poison).encode() and from_value(message) == 1 for message in messages):
            raise ValueError("this one never")

    disturbed.before = refuse
    relay = station.relay(disturbed)
    relay.step()
    station.emit(poison, 2)
    assert [s for subject, s in station.on_bus() if subject == other] == [1, 2]
    for _ in range(REFUSALS - 2):
        relay.step()
    assert (poison, 2) not in station.on_bus(), "no later event overtakes one that may still be sent"
    relay.step()
    relay.step()
    relay.close()
    dead = next(row for row in station.rows(OUTBOX) if row.dead_at)
    assert (dead.item_id, dead.sequence, dead.attempts) == (poison, 1, REFUSALS)
    assert dead.error == "ValueError: this one never"
    assert station.unsent() == [1]


def from_value(message):
    return int(dict(message.headers)["ce_sequence"])


@pytest.mark.postgres
def test_a_row_committed_late_with_an_early_id_is_not_skipped(postgres_databases, embedded_bus_url):
    """Transactions take their ids early and may commit late: a cursor would have passed it by."""
    station = Station.open(postgres_databases.fresh(), embedded_bus_url)
    late, quick = uuid4(), uuid4()
    relay = station.relay()
    with station.outbox.transaction() as tx:
        tx.emit("note.added", late, 1, SAMPLES["note.added"])
        tx.flush(OUTBOX)
        station.emit(quick, 1)
        assert relay.step() == 1
    assert relay.step() == 1
    relay.close()
    assert set(station.on_bus()) == {(quick, 1), (late, 1)}
    ids = {row.item_id: row.id for row in station.rows(OUTBOX)}
    assert ids[late] < ids[quick]
    station.close()


def test_a_ring_wakes_the_relay_at_once(station):
    """Far sooner than the half second after which an idle relay would look by itself."""
    pulse = Pulse()
    relay = station.relay()
    thread = threading.Thread(target=relay.run, args=(pulse,))
    thread.start()
    station.emit(uuid4(), 1)
    until(lambda: station.unsent() == [])
    waits = []
    for _ in range(7):
        time.sleep(0.15)
        started = time.monotonic()
        station.emit(uuid4(), 1)
        until(lambda: station.unsent() == [])
        waits.append(time.monotonic() - started)
    pulse.stop()
    thread.join(10)
    assert sorted(waits)[3] < 0.2


@pytest.mark.parametrize(
    ("rows", "came_within_s", "rest_s"),
    [(1, 0.5, 0.0002), (1, 0.01, 0.002), (10, 0.05, 0.02), (10, 0.5, 0.002), (499, 0.05, 0.05)],
    ids=["idle", "one of a stream", "a stream", "many after a slow round", "a flood"],
)
def test_a_relay_gathers_by_how_fast_events_come(lite, rows, came_within_s, rest_s):
    relay = lite.relay()
    pulse = Pulse()
    pauses = []
    pulse.wait = pauses.append
    relay._rest(rows, came_within_s, pulse)
    assert pauses == pytest.approx([rest_s])
    relay.close()


def test_a_relay_does_not_rest_while_more_than_a_batch_waits(lite):
    relay = lite.relay()
    pulse = Pulse()
    pulse.wait = lambda _seconds: pytest.fail("rested")
    relay._rest(BATCH, 0.01, pulse)
    relay.close()
