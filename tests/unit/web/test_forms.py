"""Forms of pages carry a token; webhooks and programs need none."""

import re
from datetime import UTC, datetime, timedelta

import time_machine

from tests.unit.web.sample import sample_app, settings_for


def token_in(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


def test_a_form_with_its_token_is_taken(client):
    token = token_in(client.get("/report"))
    assert client.post("/report", data={"text": "Grüße 🙂", "csrf_token": token}).text == "Grüße 🙂"


def test_a_form_of_another_session_is_refused(app):
    token = token_in(app.test_client().get("/report"))
    answer = app.test_client().post("/report", data={"text": "x", "csrf_token": token})
    assert answer.status_code == 400 and "reload the page" in answer.text


def test_a_token_lives_as_long_as_the_session(client):
    token = token_in(client.get("/report"))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30)):
        assert client.post("/report", data={"text": "x", "csrf_token": token}).status_code == 200


def test_multipart_forms_are_read(client):
    token = token_in(client.get("/report"))
    answer = client.post("/report", data={"text": "x � y", "csrf_token": token}, content_type="multipart/form-data")
    assert answer.text == "x � y"


def test_webhooks_and_programs_need_no_token(client):
    headers = {"X-Signature": "good"}
    assert client.post("/webhooks/sms", data={"Body": "a\0b"}, headers=headers).status_code == 200
    assert client.post("/api/v1/items", json={"text": "x"}).status_code == 201


def test_programs_get_no_cookie(client):
    assert "Set-Cookie" not in client.post("/api/v1/items?lang=es", json={"text": "x"}).headers


def test_cookies_are_named_and_kept_close(tmp_path):
    https = settings_for(tmp_path, PUBLIC_URL="https://listen.example.org")
    cookie = sample_app(tmp_path, https).test_client().get("/report").headers["Set-Cookie"]
    assert cookie.startswith("cg_resident=")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_residents_cookie_is_no_staff_cookie(tmp_path, settings):
    resident = sample_app(tmp_path, settings).test_client()
    token = token_in(resident.get("/report"))
    value = resident.get_cookie("cg_resident").value
    console = sample_app(tmp_path, settings, service="console", for_staff=True).test_client()
    console.set_cookie("cg_staff", value)
    assert console.post("/report", data={"text": "x", "csrf_token": token}).status_code == 400


def test_the_staff_cookie_has_its_own_name(tmp_path, settings):
    client = sample_app(tmp_path, settings, for_staff=True).test_client()
    assert client.get("/report").headers["Set-Cookie"].startswith("cg_staff=")
