"""One request too many answers 429 with the time to come back."""

from datetime import UTC, datetime

import pytest
import time_machine
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


@pytest.fixture
def client(tmp_path):
    settings = settings_for(tmp_path, TRUSTED_PROXIES="127.0.0.0/8")
    limiter = MemoryLimiter("door", Rate.parse("3/hour"), SECRET)
    return sample_app(tmp_path, settings, blueprints=[views()], limiters={"door": limiter}).test_client()


def test_the_fourth_in_an_hour_waits(client):
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as clock:
        assert [client.post("/door").status_code for _ in range(3)] == [200] * 3
        refused = client.post("/door")
        assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
        assert 3590 <= int(refused.headers["Retry-After"]) <= 3600
        clock.shift(3601)
        assert client.post("/door").status_code == 200


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
