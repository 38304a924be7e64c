"""One request too many answers 429 with the time to come back."""

from datetime import UTC, datetime

import pytest
from flask import Blueprint, request

from shared.sealing import KeyedHash
from shared.web.access import by_default, public_api
from shared.web.limits.limited import UnknownLimit, limited
from shared.web.limits.memory import MemoryLimiter
from shared.web.limits.rate import Rate, counted_as
from tests.unit.web.sample import sample_app, settings_for

SECRET = b"a secret key that only this test knows"


def views():
    doors = Blueprint("doors", __name__)
    by_default(doors, public_api)

    @doors.route("/door", methods=["GET", "POST"])
    @limited("door", methods=frozenset({"POST"}), unless=lambda: request.headers.get("X-Known") == "yes")
    def door():
        return "in"

    return doors


class Hands:
    """A clock the test moves."""

    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


@pytest.fixture
def hands():
    return Hands()


def limiter_of(rate, hands):
    return MemoryLimiter("door", Rate.parse(rate), SECRET, hands)


@pytest.fixture
def client(tmp_path, hands):
    settings = settings_for(tmp_path, TRUSTED_PROXIES="127.0.0.0/8")
    limiters = {"door": limiter_of("3/hour", hands)}
    return sample_app(tmp_path, settings, blueprints=[views()], limiters=limiters).test_client()


def test_the_fourth_in_an_hour_waits(client, hands):
    assert [client.post("/door").status_code for _ in range(3)] == [200] * 3
    refused = client.post("/door")
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] == "1200"
    hands.at += 1200
    assert [client.post("/door").status_code for _ in range(2)] == [200, 429]
    hands.at += 3600
    assert [client.post("/door").status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize("rate", ["1/day", "7/minute", "30/hour", "999/hour", "10000/second"])
def test_exactly_as_many_as_the_rate_pass_at_once(rate, hands):
    limiter = limiter_of(rate, hands)
    assert [limiter.hit("a") for _ in range(limiter.rate.amount)] == [None] * limiter.rate.amount
    assert limiter.hit("a") >= 1


def test_a_flood_of_addresses_costs_neither_memory_nor_the_heaviest_callers_limit(hands, monkeypatch):
    monkeypatch.setattr("shared.web.limits.memory.MOST_KEYS", 100)
    limiter = limiter_of("2/hour", hands)
    assert [limiter.hit("heavy"), limiter.hit("heavy")] == [None, None]
    assert {limiter.hit(f"address {n}") for n in range(1000)} == {None}
    assert len(limiter._spoken_until) <= 101
    assert limiter.hit("heavy")


def test_what_is_over_is_forgotten_and_no_address_is_kept(hands):
    limiter = limiter_of("9/hour", hands)
    for n in range(50):
        limiter.hit(f"address {n}")
    hands.at += 3601
    limiter.hit("new")
    assert len(limiter._spoken_until) == 1 and b"new" not in next(iter(limiter._spoken_until))


def test_addresses_are_counted_apart(client):
    codes = [client.post("/door", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(9)]
    assert codes == [200] * 9


def test_other_methods_and_known_callers_are_not_counted(client):
    assert {client.get("/door").status_code for _ in range(9)} == {200}
    assert {client.post("/door", headers={"X-Known": "yes"}).status_code for _ in range(9)} == {200}


def test_a_limit_without_limiter_stops_the_start(tmp_path, settings):
    with pytest.raises(UnknownLimit, match="door"):
        sample_app(tmp_path, settings, blueprints=[views()])


def test_rates():
    assert Rate.parse("30/hour") == Rate(30, 3600)
    assert Rate.parse("5/day") == Rate(5, 86400)


def test_addresses_are_counted_under_a_hash_that_changes_daily():
    hashes, address = KeyedHash(SECRET), "198.51.100.1"
    morning, evening, next_day = (
        datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((20, 8), (20, 20), (21, 8))
    )
    first = counted_as(hashes, "track", address, morning)
    assert first == counted_as(hashes, "track", address, evening)
    assert first != counted_as(hashes, "track", address, next_day)
    assert first != counted_as(hashes, "sign_in", address, morning)
    assert address.encode() not in first
