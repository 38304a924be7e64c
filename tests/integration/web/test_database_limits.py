"""Limits that all processes share, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, func, select

from shared.db import connect
from shared.web.limits import add_limits
from shared.web.limits.database import TIDY_EVERY_S, DatabaseLimiter
from shared.web.limits.rate import Rate

SECRET = b"a secret key that only this test knows"
PLENTY = Rate(1_000_000, 60)


@dataclass
class Hands:
    """A clock the test sets."""

    moment: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def now(self):
        return self.moment

    def on(self, **delta):
        self.moment += timedelta(**delta)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def table():
    return add_limits(MetaData())


@pytest.fixture
def engine(database_url, table):
    engine = connect(database_url, pool_size=8)
    table.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def limiter(engine, table, clock):
    def make(rate="5/hour", service_rate=PLENTY, name="track"):
        return DatabaseLimiter(engine, table, clock, name, Rate.parse(rate), service_rate, SECRET)

    return make


def rows(engine, table):
    with engine.connect() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_sixth_in_an_hour_waits_for_its_turn(limiter, clock):
    door = limiter()
    assert [door.hit("a") for _ in range(5)] == [None] * 5
    assert door.hit("a") == 720
    clock.on(seconds=719)
    assert door.hit("a") == 1
    clock.on(seconds=1)
    assert door.hit("a") is None
    assert door.hit("a") == 720
    clock.on(hours=1)
    assert [door.hit("a") for _ in range(6)] == [None] * 5 + [720]


def test_what_is_refused_is_not_counted(limiter, clock):
    door = limiter()
    assert [door.hit("a") for _ in range(5)] == [None] * 5
    assert {door.hit("a") for _ in range(50)} == {720}
    clock.on(seconds=720)
    assert door.hit("a") is None


def test_addresses_and_names_are_counted_apart(limiter):
    track, sign_in = limiter("1/hour"), limiter("1/hour", name="sign_in")
    assert [track.hit("a"), track.hit("b"), sign_in.hit("a")] == [None] * 3
    assert track.hit("a") and sign_in.hit("a")


def test_processes_share_one_count(limiter):
    one, other = limiter("2/hour"), limiter("2/hour")
    assert [one.hit("a"), other.hit("a")] == [None, None]
    assert one.hit("a") and other.hit("a")


def test_exactly_as_many_as_the_limit_win_a_race(limiter):
    doors = [limiter("10/hour", Rate(1000, 60)) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: doors[n % 8].hit("a"), range(40)))
    assert answers.count(None) == 10


def test_the_whole_service_has_a_limit_and_it_costs_the_address_nothing(limiter, clock):
    door = limiter("2/hour", Rate(3, 60))
    assert [door.hit(address) for address in "abc"] == [None] * 3
    assert door.hit("d") == 20
    clock.on(minutes=1)
    assert [door.hit("d"), door.hit("d")] == [None, None]


def test_a_new_day_has_a_new_salt_and_no_address_is_kept(limiter, engine, table, clock):
    door = limiter()
    door.hit("198.51.100.1")
    clock.on(days=1)
    door.hit("198.51.100.1")
    assert rows(engine, table) == 3
    with engine.connect() as conn:
        assert all(b"198" not in key and len(key) == 32 for key in conn.execute(select(table.c.key)).scalars())


def test_yesterdays_rows_are_forgotten(limiter, engine, table, clock):
    door = limiter()
    for address in "abc":
        door.hit(address)
    clock.on(days=1)
    door._tidied_at -= TIDY_EVERY_S
    door.hit("d")
    assert rows(engine, table) == 2


def test_what_turns_out_to_be_no_guess_is_given_back(limiter):
    door = limiter("2/hour", Rate(3, 60))
    for _ in range(10):
        assert door.hit("a") is None
        door.give_back("a")
    assert [door.hit("a"), door.hit("a")] == [None, None]
    assert door.hit("a")
    door.give_back("nobody came from here")
