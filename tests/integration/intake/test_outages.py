"""The database goes away and comes back: 503 with Retry-After, nothing half kept, and then as before."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from shared.outbox import backlog
from tests.integration.intake.front_door import FrontDoor, prepare


@pytest.mark.postgres
def test_a_restarted_database_is_used_again(private_postgres, tmp_path):
    url = private_postgres.database_url("postgres")
    prepare(url)
    door = FrontDoor.open(url, tmp_path)
    first = door.tell()
    private_postgres.kill()
    responses = [door.post({"text": "x"}), door.text("x"), door.status(first["receipt"])]
    assert [response.status_code for response in responses] == [503] * 3
    assert all(int(response.headers["Retry-After"]) > 0 for response in responses)
    private_postgres.start()
    assert door.tell("After the outage")
    assert door.text("x").status_code == 200
    assert door.status(first["receipt"]).status_code == 200
    door.engine.dispose()
    assert len(door.rows("submissions")) == 3
    door.close()


@pytest.mark.postgres
def test_operators_are_told_of_an_outage_and_of_its_end(private_postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("shared.web.room.LOOK_EVERY_S", 0.0)
    url = private_postgres.database_url("postgres")
    prepare(url)
    door = FrontDoor.open(url, tmp_path)
    assert door.client.get("/readyz").status_code == 200
    private_postgres.kill()
    for _ in range(2):
        answer = door.client.get("/readyz")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.get_json() == {
            "ready": False,
            "reasons": {"database": "the database does not answer", "outbox": "the outbox cannot be read"},
        }
    private_postgres.start()
    assert door.client.get("/readyz").get_json() == {"ready": True, "reasons": {}}
    door.close()


@pytest.mark.postgres
def test_what_was_confirmed_survives_a_kill_in_full_flight(private_postgres, tmp_path):
    url = private_postgres.database_url("postgres")
    prepare(url)
    door = FrontDoor.open(url, tmp_path)
    killed = threading.Event()
    confirmed = []

    def tell(number):
        if number == 60:
            private_postgres.kill()
            killed.set()
        response = door.app.test_client().post(
            "/api/v1/feedback", json={"text": f"Lamp {number}", "language": "en"}
        )
        if response.status_code == 201:
            confirmed.append(response.get_json()["id"])
        return response.status_code

    with ThreadPoolExecutor(8) as crowd:
        statuses = list(crowd.map(tell, range(120)))
    assert killed.is_set()
    assert set(statuses) == {201, 503}
    private_postgres.start()
    door.engine.dispose()
    kept = {str(row["id"]) for row in door.rows("submissions")}
    assert set(confirmed) <= kept
    for table in ("outbox", "audit"):
        assert kept == {str(row["item_id"]) for row in door.rows(table)}
    door.close()


@pytest.mark.postgres
def test_while_the_database_is_frozen_everybody_is_answered(private_postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("services.intake.app.HELD_AT_MOST_S", 1.0)
    monkeypatch.setattr("shared.db.engine.CONNECT_TIMEOUT_S", 2)
    url = private_postgres.database_url("postgres")
    prepare(url)
    door = FrontDoor.open(url, tmp_path)
    door.tell()
    private_postgres.freeze()
    started = time.monotonic()
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda n: _tell(door, f"Lamp {n}", {"Idempotency-Key": str(n)}), range(16)))
    assert {status for status, _ in answers} == {503}
    assert all(int(retry_after) > 0 for _, retry_after in answers)
    assert time.monotonic() - started < 20
    private_postgres.thaw()
    # Some of them may have been kept when the server woke up: the key makes the repetition safe.
    again = [_tell(door, f"Lamp {n}", {"Idempotency-Key": str(n)})[0] for n in range(16)]
    assert set(again) == {201}
    assert len(door.rows("submissions")) == 17
    door.close()


def _tell(door, words, headers):
    response = door.app.test_client().post(
        "/api/v1/feedback", json={"text": words, "language": "en"}, headers=headers
    )
    return response.status_code, response.headers.get("Retry-After")


def test_an_outbox_without_room_takes_nothing_more(lite, monkeypatch):
    monkeypatch.setattr(backlog, "FULL_ROWS", 2)
    monkeypatch.setattr(backlog, "FULL_CACHE_S", 0.0)
    monkeypatch.setattr("shared.web.room.LOOK_EVERY_S", 0.0)
    for _ in range(3):
        lite.tell()
    response = lite.post({"text": "one more"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert lite.text("one more").status_code == 503
    assert len(lite.rows("submissions")) == 3
    assert lite.client.get("/readyz").status_code == 503
    with lite.engine.begin() as conn:
        conn.execute(text("UPDATE outbox SET sent_at = created_at"))
    assert lite.post({"text": "one more"}).status_code == 201
