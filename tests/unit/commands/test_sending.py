"""Posting a row: waits when told to, gives up in words, hands back what will never be taken."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Response

from commonground.failures import Failed
from commonground.loading import sending
from commonground.loading.sending import Door, Stopped

PATH = "/api/v1/feedback"
FAULTS = {"title": "No", "status": 422, "errors": [{"pointer": "/contact/phone", "message": "is no number"}]}


@pytest.fixture
def door(httpserver: HTTPServer) -> Door:
    return Door(httpserver.url_for("").rstrip("/"), "cg_token")


def test_a_row_is_posted_with_token_and_key(httpserver: HTTPServer, door: Door) -> None:
    headers = {"Authorization": "Bearer cg_token", "Idempotency-Key": "load-x-1"}
    httpserver.expect_oneshot_request(PATH, method="POST", json={"text": "x"}, headers=headers).respond_with_json(
        {}, status=201
    )
    assert door.post({"text": "x"}, "load-x-1").accepted


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_told(httpserver: HTTPServer, door: Door, status: int) -> None:
    waited: list[float] = []
    door.wait_noted = lambda _why, seconds: waited.append(seconds)
    httpserver.expect_oneshot_request(PATH).respond_with_data("", status=status, headers={"Retry-After": "1"})
    httpserver.expect_oneshot_request(PATH).respond_with_data("", status=201)
    began = time.monotonic()
    assert door.post({"text": "x"}, "k").accepted
    assert time.monotonic() - began >= 1
    assert waited == [1.0]


def test_retry_after_may_be_a_date() -> None:
    answer = _answer({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)})
    assert sending._retry_after(answer) == pytest.approx(30, abs=2)
    assert sending._retry_after(_answer({"Retry-After": "soon"})) is None
    assert sending._retry_after(_answer({"Retry-After": "999999"})) == sending.LONGEST_WAIT_S


def _answer(headers: dict[str, str]) -> requests.Response:
    answer = requests.Response()
    answer.headers.update(headers)
    return answer


def test_a_passing_error_is_tried_again(httpserver: HTTPServer, door: Door) -> None:
    httpserver.expect_oneshot_request(PATH).respond_with_data("", status=502)
    httpserver.expect_oneshot_request(PATH).respond_with_data("", status=201)
    assert door.post({"text": "x"}, "k").accepted


def test_what_will_never_be_taken_comes_back_with_the_reason(httpserver: HTTPServer, door: Door) -> None:
    httpserver.expect_request(PATH).respond_with_json(FAULTS, status=422)
    answer = door.post({"text": "x"}, "k")
    assert not answer.accepted
    assert answer.reason == "/contact/phone: is no number"


@pytest.mark.parametrize(
    ("body", "reason"), [('{"title": "Conflict", "detail": "other body"}', "other body"), ("<html>", "HTTP 409")]
)
def test_the_reason_is_what_the_answer_says(httpserver: HTTPServer, door: Door, body: str, reason: str) -> None:
    httpserver.expect_request(PATH).respond_with_data(body, status=409)
    assert door.post({"text": "x"}, "k").reason == reason


def test_a_new_token_may_take_a_moment_to_be_known(httpserver: HTTPServer, door: Door) -> None:
    httpserver.expect_oneshot_request(PATH).respond_with_data("", status=401)
    httpserver.expect_oneshot_request(PATH).respond_with_data("", status=201)
    assert door.post({"text": "x"}, "k").accepted


def test_a_token_nobody_knows_ends_the_load(
    httpserver: HTTPServer, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TOKEN_PATIENCE_S", 0.1)
    httpserver.expect_request(PATH).respond_with_data("", status=401)
    with pytest.raises(Failed, match="does not know this token"):
        door.post({"text": "x"}, "k")


def test_a_token_that_was_good_and_is_not_any_more_ends_the_load_at_once(
    httpserver: HTTPServer, door: Door
) -> None:
    httpserver.expect_oneshot_request(PATH).respond_with_data("", status=201)
    httpserver.expect_oneshot_request(PATH).respond_with_json({"detail": "revoked"}, status=401)
    door.post({"text": "x"}, "k")
    with pytest.raises(Failed, match="revoked"):
        door.post({"text": "y"}, "l")


def test_an_address_that_does_not_answer_ends_it_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE_S", 0.3)
    with pytest.raises(Failed, match="goes on where it stopped"):
        Door("http://127.0.0.1:1", "t").post({"text": "x"}, "k")


@pytest.mark.parametrize(
    ("url", "body"), [("localhost:8000", {}), ("http://", {}), ("http://127.0.0.1:1", {"lat": float("nan")})]
)
def test_what_cannot_be_asked_at_all_ends_it_in_words(url: str, body: dict[str, float]) -> None:
    with pytest.raises(Failed, match="cannot be asked"):
        Door(url, "t").post(body, "k")


def test_an_address_that_leads_elsewhere_ends_it_before_anything_is_taken_for_refused(
    httpserver: HTTPServer, door: Door
) -> None:
    httpserver.expect_request(PATH).respond_with_data("", status=301, headers={"Location": "https://elsewhere"})
    with pytest.raises(Failed, match="leads to https://elsewhere"):
        door.post({"text": "x"}, "k")


def test_it_stops_while_it_waits(httpserver: HTTPServer, door: Door) -> None:
    def busy(_request: object) -> Response:
        door.stop.set()
        return Response("", status=503, headers={"Retry-After": "60"})

    httpserver.expect_request(PATH).respond_with_handler(busy)
    began = time.monotonic()
    with pytest.raises(Stopped):
        door.post({"text": "x"}, "k")
    assert time.monotonic() - began < 5
