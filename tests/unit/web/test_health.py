"""Operators see whether the process lives and is ready; without room nothing is written."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from shared.web.health import database_answers
from shared.web.room import Room
from tests.unit.web.sample import sample_app


class Switch:
    """An `is_full` that a test turns."""

    def __init__(self):
        self.full, self.asked = False, 0

    def __call__(self, _conn):
        self.asked += 1
        return self.full


@pytest.fixture
def switch():
    return Switch()


@pytest.fixture
def room(switch):
    return Room(create_engine("sqlite://"), switch)


def test_alive_says_nothing_else(client):
    assert client.get("/healthz").get_json() == {"alive": True}


def test_ready_when_every_check_is_silent(tmp_path, settings):
    checks = {"database": database_answers(create_engine("sqlite://"))}
    answer = sample_app(tmp_path, settings, checks=checks).test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"ready": True, "reasons": {}})


def test_not_ready_says_why(tmp_path, settings):
    away = create_engine("sqlite:////nowhere/at/all.sqlite3")
    checks = {"database": database_answers(away), "other": lambda: None}
    answer = sample_app(tmp_path, settings, checks=checks).test_client().get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json() == {"ready": False, "reasons": {"database": "the database does not answer"}}


def test_without_room_writes_wait_and_reading_goes_on(tmp_path, settings, room, switch):
    switch.full = True
    client = sample_app(tmp_path, settings, room=room, checks={"outbox": room.check}).test_client()
    refused = client.post("/api/v1/items", json={"text": "x"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert client.get("/api/v1/items").status_code == 200
    assert client.get("/readyz").get_json()["reasons"] == {"outbox": "the outbox or the disk is full"}


def test_room_is_looked_up_once_a_second(tmp_path, settings, room, switch, monkeypatch):
    client = sample_app(tmp_path, settings, room=room).test_client()
    now = [100.0]
    monkeypatch.setattr("shared.web.room.time.monotonic", lambda: now[0])
    assert {client.post("/api/v1/items", json={"text": "x"}).status_code for _ in range(5)} == {201}
    assert switch.asked == 1
    switch.full, now[0] = True, 101.5
    assert client.post("/api/v1/items", json={"text": "x"}).status_code == 503
    switch.full, now[0] = False, 103.0
    assert client.post("/api/v1/items", json={"text": "x"}).status_code == 201


def test_a_database_away_while_looking_is_503(tmp_path, settings, monkeypatch):
    def gone(_conn):
        raise OperationalError("SELECT", {}, Exception("unable to open database file"))

    room = Room(create_engine("sqlite://"), gone)
    client = sample_app(tmp_path, settings, room=room, checks={"outbox": room.check}).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["reasons"]) == (503, {"outbox": "the outbox cannot be read"})
    monkeypatch.setattr("shared.web.room.LOOK_EVERY_S", 0.0)
    assert client.post("/api/v1/items", json={"text": "x"}).status_code == 503
