"""A concern is on disk before it is confirmed, once per idempotency key, with everything that belongs to it."""

import re
from datetime import timedelta

import pytest

WHOLE = {
    "text": "Cars park on the crossing every evening.",
    "kind": "concern",
    "category": "traffic",
    "language": "en",
    "location": {"lat": 39.9526, "lon": -75.1652, "address": "By the school"},
    "occurred_at": "2026-11-02T21:30:00-05:00",
    "about": "place",
    "contact": {"name": "Robin Example", "phone": "(215) 555-0123", "by": "sms"},
    "preferred_partner": "either",
    "partner": "lantern-house",
    "show_publicly": True,
}


def test_what_is_confirmed_is_on_disk_with_event_and_audit(door):
    answer = door.tell(**WHOLE)
    assert re.fullmatch(r"(\d{4}-){3}\d{4}", answer["receipt"])
    assert answer["status_url"] == "https://listen.example.org/track"
    [row], [event], [entry] = door.rows("submissions"), door.events("feedback.received"), door.rows("audit")
    assert str(row["id"]) == answer["id"] == event["subject"] == str(entry["item_id"])
    assert (row["category"], row["channel"], row["contact_by"], row["sequence"]) == ("traffic", "api", "sms", 1)
    assert (entry["action"], entry["actor"]) == ("accepted", "resident")
    assert event["sequence"] == "1"


def test_the_event_carries_what_routing_needs_and_seals_the_rest(door):
    door.tell(**WHOLE)
    [event] = door.events()
    data = event["data"]
    assert data["district"] == door.rows("submissions")[0]["district"] is not None
    assert (data["partner"], data["about"], data["show_publicly"]) == ("lantern-house", "place", True)
    sealed = door.opened(event)
    assert sealed["text"] == WHOLE["text"]
    assert sealed["contact"] == {"name": "Robin Example", "phone": "+12155550123"}
    assert sealed["location"] == WHOLE["location"]
    assert sealed["occurred_at"] == "2026-11-02T21:30:00-05:00"


def test_the_least_is_a_text(door):
    door.tell("¿Por qué nunca viene nadie cuando llamamos por el ruido de la calle?")
    [event] = door.events()
    data = event["data"]
    assert (data["category"], data["kind"], data["language"]) == ("unsure", "concern", "es")
    assert (data["contact_by"], data["district"], data["anonymous"]) == ("none", None, False)


def test_the_same_key_and_body_get_the_first_answer_again(door):
    key = {"Idempotency-Key": "order-77"}
    first = door.post({"text": "Once", "category": "noise"}, key)
    again = door.post(b'{ "category": "noise", "text": "Once" }', key)
    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json()
    assert len(door.rows("submissions")) == len(door.rows("outbox")) == 1


def test_the_same_key_with_another_body_is_refused_and_keeps_nothing(door):
    key = {"Idempotency-Key": "order-78"}
    door.post({"text": "Once"}, key)
    other = door.post({"text": "Something else"}, key)
    assert other.status_code == 409
    assert other.content_type == "application/problem+json"
    assert len(door.rows("submissions")) == 1


def test_a_key_is_free_again_after_a_day(door):
    key = {"Idempotency-Key": "order-79"}
    first = door.post({"text": "Once"}, key).get_json()
    door.advance(hours=23)
    assert door.post({"text": "Once"}, key).get_json() == first
    door.advance(hours=2)
    assert door.post({"text": "Another day"}, key).status_code == 201
    assert len(door.rows("submissions")) == 2
    [row] = door.rows("idempotency")
    assert row["expires_at"] > door.now() + timedelta(hours=23)


@pytest.mark.parametrize("key", ["", "with space", "é", "x" * 256, "tab\there"])
def test_a_key_is_visible_ascii(lite, key):
    response = lite.post({"text": "Once"}, {"Idempotency-Key": key})
    assert response.status_code == 400
    assert lite.counts()["submissions"] == 0


def test_the_receipt_stands_nowhere(door):
    answer = door.tell(**WHOLE)
    digits = answer["receipt"].replace("-", "")
    everything = repr([door.rows(table) for table in door.counts()])
    assert digits not in everything
    assert answer["receipt"] not in everything
    assert WHOLE["text"] not in everything
    assert "5550123" not in everything
