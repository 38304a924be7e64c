"""The bell wakes, and never does more: a ring neither raises nor waits, and a lost one is no loss."""

import threading
import time

import pytest
from sqlalchemy import text

from shared.outbox.bell import PostgresBell, bell_for
from tests.integration.delivery.station import Station


@pytest.fixture
def postgres(postgres_databases, embedded_bus_url):
    opened = Station.open(postgres_databases.fresh(), embedded_bus_url)
    yield opened
    opened.close()


def test_a_ring_ends_the_wait(station):
    listener = station.bell
    listener.wait(0.01)
    ringing = threading.Timer(0.1, station.bell.ring)
    ringing.start()
    started = time.monotonic()
    rang = [listener.wait(0.05) for _ in range(40) if time.monotonic() - started < 2]
    ringing.join()
    assert any(rang)


def test_silence_ends_after_the_time_given(station):
    station.bell.wait(0.01)
    started = time.monotonic()
    assert not station.bell.wait(0.05)
    assert time.monotonic() - started < 1.0


@pytest.mark.postgres
def test_it_rings_between_processes(postgres):
    other = bell_for(postgres.engine)
    other.wait(0.01)
    postgres.bell.ring()
    assert other.wait(5.0)
    other.close()


@pytest.mark.postgres
def test_rings_that_follow_at_once_are_one(postgres):
    other = bell_for(postgres.engine)
    other.wait(0.01)
    for _ in range(50):
        postgres.bell.ring()
    heard = 0
    while other.wait(0.1):
        heard += 1
    assert 1 <= heard <= 10
    other.close()


@pytest.mark.postgres
def test_the_last_ring_of_a_crowd_is_heard(postgres):
    """A ring right after another one is put off, never dropped: its rows may have missed the first one."""
    other = bell_for(postgres.engine)
    other.wait(0.01)
    for _ in range(5):
        postgres.bell.ring()
        assert other.wait(5.0)
    other.close()


@pytest.mark.postgres
def test_a_closed_bell_rings_again(postgres):
    other = bell_for(postgres.engine)
    other.wait(0.01)
    postgres.bell.ring()
    postgres.bell.close()
    while other.wait(0.1):
        pass
    postgres.bell.ring()
    assert other.wait(5.0)
    other.close()


@pytest.mark.postgres
def test_a_database_that_is_away_is_no_error_and_costs_little(postgres):
    url = postgres.engine.url.set(host="127.0.0.1", port=1)
    bell = PostgresBell(url)
    started = time.monotonic()
    for _ in range(100):
        bell.ring()
    assert not bell.wait(0.01)
    assert time.monotonic() - started < 3.0
    bell.close()


@pytest.mark.postgres
def test_it_comes_back_after_its_connections_were_cut(postgres, monkeypatch):
    monkeypatch.setattr("shared.outbox.bell.RETRY_AFTER_S", 0.05)
    listener = bell_for(postgres.engine)
    listener.wait(0.01)
    postgres.bell.ring()
    with postgres.engine.begin() as conn:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        conn.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        postgres.bell.ring()
        if listener.wait(0.1):
            break
    else:
        pytest.fail("it never rang again")
    listener.close()
