"""A statement run alone is durable, and a connection goes back to the pool as it came or not at all."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.db import connect, is_outage
from shared.db.direct import run_alone

pytestmark = pytest.mark.postgres
INSERT = "INSERT INTO lamps VALUES (%(number)s) RETURNING number"


@pytest.fixture
def engine(postgres_databases):
    opened = connect(postgres_databases.fresh(), pool_size=1)
    with opened.begin() as conn:
        conn.execute(text("CREATE TABLE lamps (number integer PRIMARY KEY)"))
    yield opened
    opened.dispose()


def count(engine):
    with engine.connect() as conn:
        return conn.execute(text("SELECT count(*) FROM lamps")).scalar_one()


def test_it_is_committed_and_leaves_transactions_to_others(engine):
    assert run_alone(engine, INSERT, {"number": 1}) == [(1,)]
    with engine.connect() as conn:
        conn.execute(text("INSERT INTO lamps VALUES (2)"))
        conn.rollback()
    assert count(engine) == 1


def test_a_conflict_is_an_integrity_error_without_what_was_written(engine):
    run_alone(engine, INSERT, {"number": 7001})
    with pytest.raises(IntegrityError) as caught:
        run_alone(engine, INSERT, {"number": 7001})
    assert not is_outage(caught.value)
    assert caught.value.params is None
    assert run_alone(engine, INSERT, {"number": 2}) == [(2,)]


def test_a_cut_connection_is_an_outage_and_the_next_one_works(engine):
    with pytest.raises(Exception) as caught:
        run_alone(engine, "SELECT pg_terminate_backend(pg_backend_pid())", {})
    assert is_outage(caught.value)
    assert run_alone(engine, INSERT, {"number": 1}) == [(1,)]


def test_a_database_that_is_not_there_is_an_outage(engine):
    away = connect(engine.url.set(port=1).render_as_string(hide_password=False))
    with pytest.raises(Exception) as caught:
        run_alone(away, INSERT, {"number": 1})
    assert is_outage(caught.value)


def test_an_interrupted_statement_takes_its_connection_with_it(engine, monkeypatch):
    """Its answer may still come, and would be read as the next one's."""
    with engine.connect() as conn:
        driver = conn.connection.driver_connection
        monkeypatch.setattr(driver, "execute", lambda *_: _interrupted(driver))
    with pytest.raises(KeyboardInterrupt):
        run_alone(engine, INSERT, {"number": 1})
    assert driver.closed
    assert run_alone(engine, "SELECT 'mine'", {}) == [("mine",)]


def _interrupted(driver):
    driver.pgconn.send_query(b"SELECT 'of the one before'")
    raise KeyboardInterrupt
