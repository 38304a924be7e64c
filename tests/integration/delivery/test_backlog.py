"""What waits in the outbox is counted and limited; what was sent is cleared away."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update

from shared.outbox.backlog import OUTBOX, backlog, outbox_is_full, prune_sent


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
    assert station.unsent() == [1]
    assert len(station.rows(OUTBOX)) == 1
