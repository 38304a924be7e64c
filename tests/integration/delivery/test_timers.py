"""Timers fire once, in one transaction with what they cause, late rather than never."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from shared.outbox.backlog import OUTBOX
from shared.timers import Timer, Timers, cancel, prune_fired, schedule
from shared.timers.tables import TIMERS
from tests.integration.delivery.station import EFFECTS, SAMPLES, Station, note, record, until


class Bell:
    """Fires by emitting, and remembers."""

    def __init__(self):
        self.fired = []
        self.refused = set()

    def __call__(self, tx, timers):
        for timer in timers:
            tx.emit("response.overdue", timer.item_id, timer.cycle, SAMPLES["response.overdue"])
        if any(timer.item_id in self.refused for timer in timers):
            raise ValueError("not this one")
        self.fired += timers


def set_timers(station, *timers):
    with station.engine.begin() as conn:
        schedule(conn, *timers)


def due(station, item, in_s, kind="first_response", cycle=1):
    return Timer(item, kind, cycle, station.clock.now() + timedelta(seconds=in_s))


@pytest.fixture
def bell():
    return Bell()


@pytest.fixture
def timers(station, bell):
    return Timers(station.outbox, {"first_response": bell})


def test_a_timer_fires_when_it_is_due_and_once(station, bell, timers):
    item = uuid4()
    set_timers(station, due(station, item, 60))
    assert timers.step() == 0
    station.clock.forward(seconds=61)
    assert timers.step() == 1
    assert timers.step() == 0
    assert [timer.item_id for timer in bell.fired] == [item]
    assert len(station.rows(OUTBOX)) == 1


def test_after_a_downtime_each_fires_once_and_says_how_late(station, bell, timers):
    items = [uuid4() for _ in range(5)]
    set_timers(station, *[due(station, item, 60) for item in items])
    station.clock.forward(hours=3)
    timers.step()
    assert {timer.item_id for timer in bell.fired} == set(items)
    assert all(timedelta(hours=2, minutes=58) < timer.late_by < timedelta(hours=3) for timer in bell.fired)


def test_the_same_cycle_is_set_once_even_after_it_fired(station, bell, timers):
    item = uuid4()
    set_timers(station, due(station, item, 0), due(station, item, 500))
    timers.step()
    set_timers(station, due(station, item, 0))
    timers.step()
    set_timers(station, due(station, item, 0, cycle=2))
    timers.step()
    assert [timer.cycle for timer in bell.fired] == [1, 2]


def test_what_is_called_off_does_not_fire(station, bell, timers):
    item, other = uuid4(), uuid4()
    set_timers(station, due(station, item, 0), due(station, item, 0, "other"), due(station, other, 0))
    with station.engine.begin() as conn:
        assert cancel(conn, item, "first_response") == 1
        assert cancel(conn, item, "first_response") == 0
    timers.step()
    assert [timer.item_id for timer in bell.fired] == [other]


def test_setting_belongs_to_the_transaction(station, timers):
    with pytest.raises(ZeroDivisionError), station.engine.begin() as conn:
        schedule(conn, due(station, uuid4(), 0))
        raise ZeroDivisionError
    assert timers.step() == 0


def test_one_that_fails_is_tried_later_and_holds_no_other(station, bell, timers):
    bad, good = uuid4(), uuid4()
    bell.refused.add(bad)
    set_timers(station, due(station, bad, 0), due(station, good, 0))
    timers.step()
    assert [timer.item_id for timer in bell.fired] == [good]
    assert [row.item_id for row in station.rows(OUTBOX)] == [good]
    with station.engine.connect() as conn:
        row = conn.execute(select(TIMERS).where(TIMERS.c.item_id == bad)).one()
    assert (row.attempts, row.error, row.fired_at) == (1, "ValueError: not this one", None)
    assert timers.step() == 0
    bell.refused.clear()
    station.clock.forward(seconds=2)
    timers.step()
    assert bell.fired[-1].item_id == bad
    assert bell.fired[-1].late_by > timedelta(seconds=2)


def test_several_workers_fire_each_timer_once(station):
    items = [uuid4() for _ in range(120)]
    set_timers(station, *[due(station, item, 0) for item in items])

    def fire(tx, timers):
        record(tx, [note(timer.item_id, timer.cycle) for timer in timers])

    def fire_all(worker):
        while worker.step():
            pass

    workers = [Timers(station.outbox, {"first_response": fire}, batch=7) for _ in range(4)]
    threads = [threading.Thread(target=fire_all, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    until(lambda: all(worker.step() == 0 for worker in workers))
    assert sorted(station.effects()) == sorted((item, 1) for item in items)


class OnEffects:
    """A timer's effect on an item with a row of its own."""

    def __init__(self):
        self.fired = []

    @staticmethod
    def lock(conn, item_ids):
        lock_item(conn, *item_ids)

    def __call__(self, _tx, timers):
        self.fired += timers


def lock_item(conn, *item_ids):
    wanted = select(EFFECTS.c.id).where(EFFECTS.c.subject.in_(item_ids)).order_by(EFFECTS.c.subject)
    conn.execute(wanted.with_for_update())


def somebody_waits_for_a_lock(station):
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with station.engine.connect() as conn:
        return conn.execute(waiting).scalar_one() > 0


@pytest.mark.postgres
@pytest.mark.parametrize("called_off", [True, False])
def test_at_the_due_moment_nobody_waits_crosswise(postgres_database, embedded_bus_url, called_off):
    """Somebody holds the item and then calls its timer off, while the timer is about to fire."""
    station, item, ring = Station.open(postgres_database(), embedded_bus_url), uuid4(), OnEffects()
    set_timers(station, due(station, item, 0))
    with station.outbox.transaction() as tx:
        record(tx, [note(item, 1)])
    firing = threading.Thread(target=Timers(station.outbox, {"first_response": ring}).step)
    with station.engine.begin() as conn:
        lock_item(conn, item)
        firing.start()
        until(lambda: somebody_waits_for_a_lock(station))
        if called_off:
            assert cancel(conn, item, "first_response") == 1
        else:
            conn.execute(update(TIMERS).values(error="seen by the one who holds the item"))
    firing.join(30)
    assert len(ring.fired) == (0 if called_off else 1)
    station.close()


def test_kinds_of_another_deployment_wait(station, timers):
    set_timers(station, due(station, uuid4(), 0, "never_heard"))
    assert timers.step() == 0
    assert len(station.rows(TIMERS)) == 1


def test_fired_timers_are_forgotten_after_a_month_and_open_ones_never(station, timers):
    set_timers(station, due(station, uuid4(), 0))
    timers.step()
    set_timers(station, due(station, uuid4(), 0))
    with station.engine.begin() as conn:
        prune_fired(conn, station.clock.now() + timedelta(days=29))
    assert len(station.rows(TIMERS)) == 2
    with station.engine.begin() as conn:
        prune_fired(conn, station.clock.now() + timedelta(days=31))
    assert [row.fired_at for row in station.rows(TIMERS)] == [None]
