"""What waits too long is told, what nobody needs is cleared away, and a consumer that stands still is noticed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from shared import metrics
from shared.bus import BusStuck, Lag, TopicPartition
from shared.inbox.tables import INBOX
from shared.outbox.backlog import OUTBOX
from shared.worker import Runtime
from shared.worker.housekeeping import Housekeeping
from tests.integration.delivery.sample_worker import settings
from tests.integration.delivery.station import drain, note


@pytest.fixture
def runtime(station):
    made = settings(station.engine.url.render_as_string(hide_password=False), station.bus_url)
    return Runtime("sample", made, station.engine, station.clock, station.bus, station.bell, station.outbox)


def value(gauge):
    return gauge._value.get()


def alerts(caplog):
    return [record.what for record in caplog.records if record.message == "Something waits too long"]


def test_the_outbox_is_measured_and_alarms(station, runtime, caplog):
    housekeeping = Housekeeping(runtime, None)
    station.emit(uuid4(), 1, 2)
    housekeeping.look_around()
    assert (value(metrics.OUTBOX_BACKLOG), value(metrics.OUTBOX_ALERT)) == (2, 0)
    assert alerts(caplog) == []
    station.clock.forward(minutes=6)
    housekeeping.look_around()
    housekeeping.look_around()
    assert value(metrics.OUTBOX_ALERT) == 1
    assert value(metrics.OUTBOX_OLDEST) > 300
    assert alerts(caplog) == ["outbox"]


def test_a_gap_that_stays_alarms_after_a_minute(station, runtime, caplog):
    station.publish(note(uuid4(), 2))
    consumer = station.consumer()
    drain(consumer)
    housekeeping = Housekeeping(runtime, consumer)
    housekeeping.look_around()
    assert value(metrics.PARKED.labels("gap")) == 1
    assert alerts(caplog) == []
    station.clock.forward(seconds=61)
    housekeeping.look_around()
    assert value(metrics.OLDEST_GAP) > 60
    assert alerts(caplog) == ["gap"]


def test_the_lag_is_measured(station, runtime):
    consumer = station.consumer()
    housekeeping = Housekeeping(runtime, consumer)
    station.publish(note(uuid4(), 1), note(uuid4(), 1))
    housekeeping.look_around()
    assert value(metrics.CONSUMER_LAG) == 2
    drain(consumer)
    housekeeping.look_around()
    assert value(metrics.CONSUMER_LAG) == 0


def test_old_rows_are_cleared_away_on_the_way(station, runtime):
    case = uuid4()
    station.emit(case, 1, 2)
    relay = station.relay()
    relay.step()
    relay.close()
    drain(station.consumer())
    housekeeping = Housekeeping(runtime, None)
    station.clock.forward(days=9)
    housekeeping.look_around()
    assert station.rows(OUTBOX) == []
    assert [row.sequence for row in station.rows(INBOX)] == [2]


def test_a_long_table_is_walked_a_few_pages_at_a_time(lite, monkeypatch):
    for name in ("shared.outbox.backlog.PAGE", "shared.inbox.pruning.PAGE"):
        monkeypatch.setattr(name, 2)
    monkeypatch.setattr("shared.worker.housekeeping.PAGES", 2)
    monkeypatch.setattr("shared.worker.housekeeping.PRUNE_EVERY_S", 0.0)
    lite.emit(uuid4(), *range(1, 11))
    with lite.engine.begin() as conn:
        conn.execute(update(OUTBOX).values(sent_at=lite.clock.now()))
    lite.clock.forward(hours=2)
    made = settings(lite.engine.url.render_as_string(), lite.bus_url)
    housekeeping = Housekeeping(Runtime("x", made, lite.engine, lite.clock, lite.bus, lite.bell, lite.outbox), None)
    left = []
    for _ in range(4):
        housekeeping.look_around()
        left.append(len(lite.rows(OUTBOX)))
    assert left == [6, 2, 0, 0]


def test_a_consumer_that_stands_still_ends_the_process(station, runtime, monkeypatch):
    lane = TopicPartition("commonground.cases", 0)
    consumer = station.consumer()
    housekeeping = Housekeeping(runtime, consumer)
    housekeeping._progress._stuck_after_s = 0.0
    monkeypatch.setattr(type(station.bus), "lag", lambda *_: Lag({lane: 3}, {lane: 9}))
    housekeeping.look_around()
    with pytest.raises(BusStuck, match="6 records wait"):
        housekeeping.look_around()


def test_the_clock_of_everything_is_the_port(station):
    """A moved clock moves stored moments: nothing reads the machine's clock past it."""
    station.clock.forward(days=3)
    station.emit(uuid4(), 1)
    (row,) = station.rows(OUTBOX)
    assert abs(row.created_at - station.clock.now()) < timedelta(minutes=1)
