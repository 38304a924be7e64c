"""Every committed event reaches the bus at least once, one item's events in order, whatever fails between."""

import threading
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from shared.bus import BusStuck, BusUnavailable, Message
from shared.events import from_record
from shared.leases import LEASES, Leases
from shared.outbox.backlog import OUTBOX, backlog, outbox_is_full, prune_sent
from shared.outbox.relay import REFUSALS
from shared.outbox.tables import SHARDS
from shared.outbox.transaction import shard_of
from shared.pulse import Pulse
from tests.integration.delivery.station import SAMPLES, Station, drain, until


class Bus:
    """The station's bus with a publisher that a test can disturb."""

    def __init__(self, bus):
        self._bus = bus
        self.batches: list[list[Message]] = []
        self.before = lambda messages: None
        self.after = lambda messages, flags: flags

    def publisher(self):
        inner = self._bus.publisher()
        outer = self

        class Publisher:
            def publish(self, messages, timeout_s):
                outer.before(messages)
                flags = inner.publish(messages, timeout_s)
                outer.batches.append(list(messages))
                return outer.after(messages, flags)

            def close(self):
                inner.close()

        return Publisher()


@pytest.fixture
def disturbed(station):
    return Bus(station.bus)


def on_bus(station):
    """(subject, sequence) of everything on the bus, in order per lane."""
    reader = station.bus.subscriber(f"reader-{uuid4()}", ["commonground.cases"])
    events = []
    while records := reader.poll(500, 0.2):
        events += [from_record(record) for record in records]
    reader.close()
    return [(event.subject, event.sequence) for event in events]


def unsent(station):
    return sorted(row.sequence for row in station.rows(OUTBOX) if row.sent_at is None)


def test_rows_are_sent_in_order_and_marked(station):
    one, two = uuid4(), uuid4()
    station.emit(one, 1, 2)
    station.emit(two, 1)
    station.emit(one, 3)
    relay = station.relay()
    assert relay.step() == 4
    relay.close()
    sent = on_bus(station)
    assert [s for subject, s in sent if subject == one] == [1, 2, 3]
    assert len(sent) == 4
    assert unsent(station) == []


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
    assert unsent(station) == [1, 2]
    successor = station.relay()
    assert successor.step() == 2
    successor.close()
    assert len(on_bus(station)) == 4
    drain(station.consumer())
    assert station.effects() == [(case, 1), (case, 2)]


def test_only_what_is_confirmed_is_marked_and_the_rest_comes_in_order(station, disturbed):
    case, other = uuid4(), uuid4()
    station.emit(case, 1, 2, 3)
    station.emit(other, 1)
    disturbed.after = lambda messages, flags: [m.key != str(case).encode() for m in messages]
    relay = station.relay(disturbed)
    assert relay.step() == 4
    assert unsent(station) == [1, 2, 3]
    disturbed.after = lambda messages, flags: flags
    assert relay.step() == 3
    relay.close()
    assert unsent(station) == []
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
    until(lambda: unsent(station) == [])
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
    assert [s for subject, s in on_bus(station) if subject == other] == [1, 2]
    for _ in range(REFUSALS - 2):
        relay.step()
    assert (poison, 2) not in on_bus(station), "no later event overtakes one that may still be sent"
    relay.step()
    relay.step()
    relay.close()
    dead = next(row for row in station.rows(OUTBOX) if row.dead_at)
    assert (dead.item_id, dead.sequence, dead.attempts) == (poison, 1, REFUSALS)
    assert dead.error == "ValueError: this one never"
    assert unsent(station) == [1]


def from_value(message):
    return int(dict(message.headers)["ce_sequence"])


def test_a_fence_that_moved_on_forbids_marking(station, disturbed):
    """A relay that was frozen past its lease has sent, but no longer says what is sent."""
    station.emit(uuid4(), 1)

    def taken_over(_messages, flags):
        with station.engine.begin() as conn:
            conn.execute(update(LEASES).values(owner="another", fence=LEASES.c.fence + 1))
        return flags

    disturbed.after = taken_over
    relay = station.relay(disturbed)
    assert relay.step() == 1
    assert unsent(station) == [1]
    relay.close()


def test_without_a_lease_nothing_is_sent(station, disturbed):
    others = Leases(station.engine, station.clock, "outbox", SHARDS)
    others.renew()
    station.emit(uuid4(), 1)
    relay = station.relay(disturbed)
    assert relay.step() == 0
    assert disturbed.batches == []
    others.release()
    relay.close()


def test_two_relays_share_the_shards_and_every_item_has_one(station):
    first, second = Bus(station.bus), Bus(station.bus)
    relays = [station.relay(first, ttl_s=0.5), station.relay(second, ttl_s=0.5)]
    subjects = [uuid4() for _ in range(32)]

    def balanced():
        for relay in relays:
            relay.step()
        return [len(relay._leases.held) for relay in relays] == [8, 8]

    until(balanced)
    for sequence in (1, 2, 3):
        for subject in subjects:
            station.emit(subject, sequence)
            balanced()
    until(lambda: sum(relay.step() for relay in relays) == 0 and balanced() and not unsent(station))
    shards = [{shard_of_key(m.key) for batch in bus.batches for m in batch} for bus in (first, second)]
    assert shards[0]
    assert shards[1]
    for relay in relays:
        relay.close()
    sent = on_bus(station)
    assert all(list(dict.fromkeys(s for x, s in sent if x == subject)) == [1, 2, 3] for subject in subjects)


def shard_of_key(key):
    return shard_of(UUID(key.decode()))


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
    assert set(on_bus(station)) == {(quick, 1), (late, 1)}
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
    until(lambda: unsent(station) == [])
    waits = []
    for _ in range(7):
        time.sleep(0.15)
        started = time.monotonic()
        station.emit(uuid4(), 1)
        until(lambda: unsent(station) == [])
        waits.append(time.monotonic() - started)
    pulse.stop()
    thread.join(10)
    assert sorted(waits)[3] < 0.2


def test_a_busy_relay_gathers_and_an_idle_one_does_not(lite):
    relay = lite.relay()
    pulse = Pulse()
    pauses = []
    pulse.wait = pauses.append
    now = time.monotonic()
    relay._rest(100, 0, now, pulse)
    relay._rest(3, 0, now, pulse)
    relay._rest(500, 0, now, pulse)
    assert len(pauses) == 1
    assert 0.0 < pauses[0] <= 0.1
    relay.close()


def test_the_backlog_is_counted_and_alarms(station):
    station.emit(uuid4(), 1, 2, 3)
    with station.engine.connect() as conn:
        now = backlog(conn, station.clock.now())
        later = backlog(conn, station.clock.now() + timedelta(minutes=6))
    assert (now.rows, now.alarming) == (3, False)
    assert later.alarming
    assert later.oldest > timedelta(minutes=5)


def test_an_outbox_is_full_above_its_limit_and_the_answer_is_kept_a_second(station, monkeypatch):
    station.emit(uuid4(), 1, 2, 3)
    monkeypatch.setattr("shared.outbox.backlog.FULL_ROWS", 2)
    with station.engine.connect() as conn:
        assert outbox_is_full(conn)
        monkeypatch.setattr("shared.outbox.backlog.FULL_ROWS", 3)
        assert outbox_is_full(conn)
        monkeypatch.setattr("shared.outbox.backlog.FULL_CACHE_S", 0)
        assert not outbox_is_full(conn)


def test_one_old_row_does_not_make_an_outbox_look_full(station, monkeypatch):
    station.emit(uuid4(), *range(1, 11))
    with station.engine.begin() as conn:
        middle = OUTBOX.c.sequence.between(2, 9)
        conn.execute(update(OUTBOX).where(middle).values(sent_at=station.clock.now()))
    monkeypatch.setattr("shared.outbox.backlog.FULL_ROWS", 5)
    with station.engine.connect() as conn:
        assert not outbox_is_full(conn)


def test_a_nearly_full_disk_refuses_work(lite, monkeypatch):
    monkeypatch.setattr("shared.outbox.backlog.FULL_DISK", 1.0)
    with lite.engine.connect() as conn:
        assert outbox_is_full(conn)


def test_sent_rows_are_pruned_after_an_hour_and_unsent_never(station, monkeypatch):
    monkeypatch.setattr("shared.outbox.backlog.PAGE", 4)
    station.emit(uuid4(), *range(1, 11))
    relay = station.relay()
    relay.step()
    relay.close()
    station.emit(uuid4(), 1)
    with station.engine.begin() as conn:
        assert prune_sent(conn, station.clock.now()) is None
    assert len(station.rows(OUTBOX)) == 11
    later, page, pages = station.clock.now() + timedelta(hours=2), 0, 0
    while page is not None:
        with station.engine.begin() as conn:
            page = prune_sent(conn, later, page)
        pages += 1
    assert pages == 3
    assert unsent(station) == [1]
    assert len(station.rows(OUTBOX)) == 1
