"""The database's clock is measured beside the pool, by one caller: no transaction waits for another's moment."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from shared.clock import DatabaseClock
from shared.db import connect
from shared.db.engine import unpooled
from shared.outbox import Outbox
from shared.outbox.backlog import OUTBOX
from shared.outbox.bell import LocalBell
from tests.servers.processes import free_port

POOL = 3
pytestmark = pytest.mark.postgres


@pytest.fixture
def engine(postgres_database):
    made = connect(postgres_database(), pool_size=POOL)
    yield made
    made.dispose()


@pytest.fixture
def clock(engine):
    return DatabaseClock(engine)


def stale(clock):
    clock._measure_at = float("-inf")


def test_more_transactions_than_the_pool_has_connections_pass_a_stale_clock(engine, clock):
    outbox = Outbox(engine, OUTBOX, "/routing", clock, LocalBell())
    together = threading.Barrier(4 * POOL)

    def transact(_number):
        together.wait(10)
        stale(clock)
        with outbox.transaction() as tx:
            return tx.now

    started = time.monotonic()
    with ThreadPoolExecutor(4 * POOL) as people:
        moments = list(people.map(transact, range(4 * POOL)))
    assert time.monotonic() - started < 5
    assert all(abs(moment - datetime.now(UTC)) < timedelta(minutes=1) for moment in moments)


def test_the_clock_takes_no_connection_of_the_pool(engine, clock):
    with ExitStack() as held:
        for _ in range(POOL):
            held.enter_context(engine.connect())
        started = time.monotonic()
        clock.now()
        assert time.monotonic() - started < 5


def test_a_transaction_knows_its_moment_before_it_takes_a_connection(engine):
    class Looking:
        def now(self):
            assert engine.pool.checkedout() == 0
            return datetime.now(UTC)

    with Outbox(engine, OUTBOX, "/routing", Looking(), LocalBell()).transaction() as tx:
        assert tx.now.tzinfo is UTC


def test_while_one_measures_the_others_go_on_with_what_was_measured_before(clock, monkeypatch):
    clock.now()
    asked, answer = threading.Event(), threading.Event()

    def slowly():
        asked.set()
        assert answer.wait(10)
        return timedelta(hours=1)

    monkeypatch.setattr(clock, "_ask", slowly)
    stale(clock)
    with ThreadPoolExecutor(1) as measuring:
        slow = measuring.submit(clock.now)
        assert asked.wait(10)
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
        answer.set()
        assert slow.result() - datetime.now(UTC) > timedelta(minutes=59)
    assert clock.now() - datetime.now(UTC) > timedelta(minutes=59)


def test_before_the_first_measurement_all_share_one_and_its_failure():
    clock = DatabaseClock(connect(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none"))
    with ThreadPoolExecutor(8) as people:
        outcomes = [future.exception() for future in [people.submit(clock.now) for _ in range(8)]]
    assert {type(outcome) for outcome in outcomes} == {OperationalError}


def test_an_absent_database_leaves_the_clock_as_it_was_measured(clock, monkeypatch):
    before = clock.now()
    away = connect(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none")
    monkeypatch.setattr(clock, "engine", away)
    stale(clock)
    assert before <= clock.now() < before + timedelta(minutes=1)


def test_every_connection_gives_up_a_server_that_acknowledges_nothing(engine):
    for each in (engine, unpooled(engine)):
        with each.connect() as conn:
            parameters = conn.connection.driver_connection.info.get_parameters()
        assert parameters["tcp_user_timeout"] == "10000"
