"""A connection that a frozen server keeps waiting is cut, and what is given back in time is left alone."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from shared.db import connect, is_outage
from shared.db.direct import run_alone
from tests.servers.proxy import FaultProxy

pytestmark = pytest.mark.postgres
MOST_S = 1.0


@pytest.fixture
def proxied(postgres_database):
    """An engine behind the proxy, and the proxy."""
    direct = connect(postgres_database())
    with FaultProxy(direct.url.port) as proxy:
        url = direct.url.set(port=proxy.port).render_as_string(hide_password=False)
        engine = connect(url, pool_size=2, held_at_most_s=MOST_S)
        yield engine, proxy
        engine.dispose()
    direct.dispose()


def ask(engine):
    """What becomes of one question, and how long it took."""
    started, error = time.monotonic(), None
    try:
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
    except Exception as raised:  # noqa: BLE001 - looked at by the test
        error = raised
    return error, time.monotonic() - started


def test_whoever_waits_for_a_silent_server_is_told_in_time(proxied):
    engine, proxy = proxied
    assert ask(engine)[0] is None
    proxy.half_open()
    with pytest.raises(Exception) as caught:
        run_alone(engine, "SELECT 1", {})
    assert is_outage(caught.value)
    proxy.heal()
    assert ask(engine)[0] is None


def test_a_rested_connection_that_does_not_answer_is_given_up_too(proxied, monkeypatch):
    engine, proxy = proxied
    monkeypatch.setattr("shared.db.engine.ASK_AFTER_S", 0.0)
    monkeypatch.setattr("shared.db.engine.CONNECT_TIMEOUT_S", 2)
    assert ask(engine)[0] is None
    proxy.half_open()
    error, took_s = ask(engine)
    assert is_outage(error)
    assert took_s < MOST_S + 5 + 3


def test_who_gives_back_in_time_is_left_alone(proxied):
    engine, _ = proxied
    with engine.connect() as conn:
        pid = conn.connection.driver_connection.info.backend_pid
        conn.execute(text("SELECT pg_sleep(0.3)"))
    time.sleep(MOST_S + 0.6)
    with engine.connect() as conn:
        assert conn.connection.driver_connection.info.backend_pid == pid


def test_only_the_one_that_is_held_too_long_is_cut(proxied):
    engine, _ = proxied
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(run_alone, engine, "SELECT pg_sleep(30)", {})
        while not slow.done():
            assert ask(engine)[0] is None
        assert is_outage(slow.exception())


def test_an_idle_engine_needs_no_thread(proxied):
    engine, _ = proxied
    ask(engine)
    assert "database holding" in [thread.name for thread in threading.enumerate()]
    deadline = time.monotonic() + 10
    while "database holding" in [thread.name for thread in threading.enumerate()]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert ask(engine)[0] is None
