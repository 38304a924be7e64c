"""Malformed requests at intake's doors: a 4xx that says what to fix, in one shape, and nothing kept."""

from io import BytesIO

import orjson
import pytest

FEEDBACK, STATUS, MESSAGES = (f"/api/v1/feedback{rest}" for rest in ("", "/status", "/messages"))
UTF16 = "application/json; charset=utf-16"
REACHED = {"phone": "+12155550123"}
BEARER = {"Authorization": "Bearer 1234-5678-9012-3456"}


def x(**more):
    """A concern with something more."""
    return {"text": "x", **more}


#: What cannot be read at all: name → (bytes, status).
UNREADABLE = {
    "no body": (b"", 400),
    "half a document": (b'{"text": "x"', 400),
    "NaN": (b'{"text": "x", "location": {"lat": NaN, "lon": 1}}', 400),
    "two roots": (b"{}{}", 400),
    "a comment": (b'{"text": "x"} // y', 400),
    "invalid UTF-8": (b'{"text": "\xff"}', 400),
    "a BOM": (b'\xef\xbb\xbf{"text": "x"}', 400),
    "a duplicate key": (b'{"text": "x", "text": "y"}', 400),
    "a nested duplicate": (b'{"text": "x", "contact": {"name": "a", "name": "b"}}', 400),
    "33 levels": (b'{"text": ' + b"[" * 33 + b"]" * 33 + b"}", 400),
    "100 000 levels": (b"[" * 100_000, 400),
    "256 KiB and one": (b'{"text": "' + b"x" * (256 * 1024) + b'"}', 413),
}  # fmt: skip
#: What can be read and not be kept: name → (body, code of the first error, its pointer); None: any.
FAULTY = {
    "an array": ([], "invalid_type", ""),
    "a string": ("text", "invalid_type", ""),
    "null": (None, "invalid_type", ""),
    "NUL": (b'{"text": "a\\u0000b"}', "unstorable_text", "/text"),
    "a lone surrogate": (b'{"text": "a\\ud800b"}', "unstorable_text", "/text"),
    "a NUL in a key": (b'{"text": "x", "a\\u0000": 1}', "unstorable_text", None),
    "no text": ({}, "required", "/text"),
    "a blank text": ({"text": " \n\t"}, "blank", "/text"),
    "an empty text": ({"text": ""}, "blank", "/text"),
    "a long text": ({"text": "x" * 10_001}, "too_long", "/text"),
    "a number as text": ({"text": 5}, "invalid_type", "/text"),
    "a list as text": ({"text": ["x"]}, "invalid_type", "/text"),
    "null as text": ({"text": None}, "null", "/text"),
    "an unknown field": (x(colour="red"), "unknown_field", "/colour"),
    "an unknown nested field": (x(contact={"fax": "1"}), "unknown_field", "/contact/fax"),
    "a strange kind": (x(kind="threat"), "invalid_choice", "/kind"),
    "a strange category": (x(category="weather"), "unknown_category", "/category"),
    "a list as category": (x(category=["noise"]), "invalid_type", "/category"),
    "no language": (x(language="klingon"), "invalid_language", "/language"),
    "a strange language": (x(language="zz"), "invalid_language", "/language"),
    "a number as language": (x(language=7), "invalid_type", "/language"),
    "latitude alone": (x(location={"lat": 39.9}), "missing_coordinate", "/location/lon"),
    "longitude alone": (x(location={"lon": -75.1}), "missing_coordinate", "/location/lat"),
    "north of north": (x(location={"lat": 91, "lon": 0}), "out_of_range", "/location/lat"),
    "round the world": (x(location={"lat": 0, "lon": 180.1}), "out_of_range", "/location/lon"),
    "degrees as text": (x(location={"lat": "39", "lon": 1}), "invalid_number", "/location/lat"),
    "degrees as truth": (x(location={"lat": True, "lon": 1}), "invalid_number", "/location/lat"),
    "huge degrees": (b'{"text":"x","location":{"lat":1e400,"lon":1}}', "out_of_range", "/location/lat"),
    "a number of 40 digits": (b'{"text":"x","location":{"lat":' + b"9" * 40 + b',"lon":1}}', None, "/location/lat"),
    "a text as location": (x(location="here"), "invalid_type", "/location"),
    "a long address": (x(location={"address": "x" * 501}), "too_long", "/location/address"),
    "a long district": (x(location={"district": "x" * 65}), "too_long", "/location/district"),
    "the far future": (x(occurred_at="2999-01-01"), "in_the_future", "/occurred_at"),
    "the end of time": (x(occurred_at="9999-12-31T23:59:59-12:00"), "in_the_future", "/occurred_at"),
    "antiquity": (x(occurred_at="0001-01-01T00:00:00+14:00"), "too_long_ago", "/occurred_at"),
    "a strange moment": (x(occurred_at="yesterday"), "invalid_date", "/occurred_at"),
    "the 30th of February": (x(occurred_at="2026-02-30"), "invalid_date", "/occurred_at"),
    "a number as moment": (x(occurred_at=1700000000), "invalid_type", "/occurred_at"),
    "a strange about": (x(about="the mayor"), "invalid_choice", "/about"),
    "no phone": (x(contact={"phone": "call me"}), "invalid_phone", "/contact/phone"),
    "a short phone": (x(contact={"phone": "555-0123"}), "invalid_phone", "/contact/phone"),
    "a long phone": (x(contact={"phone": "1" * 5000}), "invalid_phone", "/contact/phone"),
    "no email": (x(contact={"email": "robin at home"}), "invalid_email", "/contact/email"),
    "a long email": (x(contact={"email": f"{'x' * 300}@example.org"}), None, "/contact/email"),
    "a header in an email": (x(contact={"email": "a@b.org\nBcc: c@d.org"}), "invalid_email", "/contact/email"),
    "sms without a phone": (x(contact={"by": "sms"}), "missing_phone", "/contact/phone"),
    "email without an address": (x(contact={"by": "email"}), "missing_email", "/contact/email"),
    "post without an address": (x(contact={"by": "post"}), "missing_address", "/contact/address"),
    "a strange way": (x(contact={"by": "pigeon"}), "invalid_choice", "/contact/by"),
    "a long name": (x(contact={"name": "x" * 201}), "too_long", "/contact/name"),
    "anonymous with contact": (x(anonymous=True, contact=REACHED), "contact_with_anonymous", "/contact"),
    "truth as text": (x(anonymous="true"), "invalid_type", "/anonymous"),
    "truth as number": (x(show_publicly=1), "invalid_type", "/show_publicly"),
    "a strange partner": (x(partner="police"), "unknown_partner", "/partner"),
    "a strange preference": (x(preferred_partner="nobody"), "invalid_choice", "/preferred_partner"),
    "nobody named": (x(named_people=[{}]), "nobody_named", "/named_people/0"),
    "a name as list": (x(named_people=["Vance"]), "invalid_type", "/named_people/0"),
    "one named as object": (x(named_people={"name": "V"}), "invalid_type", "/named_people"),
    "a crowd named": (x(named_people=[{"name": "V"}] * 51), "too_long", "/named_people"),
    "a long badge": (x(named_people=[{"badge": "1" * 61}]), "too_long", "/named_people/0/badge"),
}  # fmt: skip


@pytest.fixture
def unchanged(lite):
    """The door, which must hold the same rows afterwards."""
    before = kept(lite)
    yield lite
    assert kept(lite) == before


def kept(door):
    """How many rows each table has; that somebody asked is counted against their limit, as it should be."""
    return {table: rows for table, rows in door.counts().items() if table != "rate_limits"}


def is_problem(response, status):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document = response.get_json()
    assert document["status"] == status
    assert document["title"]
    return document


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_body_is_refused(unchanged, name):
    body, status = UNREADABLE[name]
    is_problem(unchanged.post(body), status)


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_concern_is_refused_with_what_to_fix(unchanged, name):
    body, code, pointer = FAULTY[name]
    first = is_problem(unchanged.post(body), 422)["errors"][0]
    assert code is None or first["code"] == code
    assert pointer is None or first["pointer"] == pointer
    assert first["message"]


REQUESTS = {
    "text as form": ("POST", FEEDBACK, {"data": {"text": "x"}}, 415),
    "no content type": ("POST", FEEDBACK, {"data": b'{"text": "x"}'}, 415),
    "another charset": ("POST", FEEDBACK, {"data": b"{}", "content_type": UTF16}, 415),
    "compressed": ("POST", FEEDBACK, {"json": {"text": "x"}, "headers": {"Content-Encoding": "gzip"}}, 415),
    "GET instead of POST": ("GET", FEEDBACK, {}, 405),
    "PUT": ("PUT", FEEDBACK, {"json": {}}, 405),
    "DELETE of the categories": ("DELETE", "/api/v1/categories", {}, 405),
    "POST to the status": ("POST", STATUS, {"json": {}}, 405),
    "a path trick": ("GET", "/api/v1/../v1/feedback/%2e%2e/x", {}, 404),
    "an absent path": ("GET", "/api/v1/nothing", {}, 404),
    "a basic authorization": ("GET", STATUS, {"headers": {"Authorization": "Basic eDp5"}}, 401),
    "an empty bearer": ("GET", STATUS, {"headers": {"Authorization": "Bearer "}}, 401),
    "an unknown receipt": ("GET", STATUS, {"headers": BEARER}, 404),
    "a blank message": ("POST", MESSAGES, {"json": {"text": " "}, "headers": BEARER}, 422),
    "a long message": ("POST", MESSAGES, {"json": {"text": "x" * 10_001}, "headers": BEARER}, 422),
    "a message with more": ("POST", MESSAGES, {"json": {"text": "x", "to": "y"}, "headers": BEARER}, 422),
    "a message to nobody": ("POST", MESSAGES, {"json": {"text": "x"}, "headers": BEARER}, 404),
    "a message as list": ("POST", MESSAGES, {"json": ["x"], "headers": BEARER}, 422),
    "a webhook without signature": ("POST", "/webhooks/twilio/sms", {"data": {"Body": "x"}}, 403),
    "a webhook by GET": ("GET", "/webhooks/twilio/sms", {}, 405),
    "a strange token": ("POST", FEEDBACK, {"json": {"text": "x"}, "headers": {"Authorization": "Bearer x"}}, 401),
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_a_malformed_request_is_refused(unchanged, name):
    method, path, more, status = REQUESTS[name]
    is_problem(unchanged.client.open(path, method=method, **more), status)


def test_a_chunked_body_over_the_limit_is_refused(unchanged):
    body = orjson.dumps({"text": "x" * 300_000})
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = unchanged.client.post(
        FEEDBACK,
        input_stream=BytesIO(body),
        content_type="application/json",
        environ_overrides=environ,
    )
    is_problem(response, 413)


def test_several_faults_are_told_at_once_and_in_the_language_asked_for(unchanged):
    body = {"location": {"lat": 91, "lon": 0}, "kind": "x"}
    document = unchanged.post(body, {"Accept-Language": "es"}).get_json()
    assert {each["pointer"] for each in document["errors"]} == {"/text", "/location/lat", "/kind"}
    assert "necesario" in str(document) or "hace falta" in str(document)


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_a_signed_text_without_its_fields_is_refused(unchanged, missing):
    assert unchanged.text("hello", **{missing: ""}).status_code == 400


def test_thousands_of_unknown_fields_are_told_by_some(unchanged):
    response = unchanged.post({"text": "x", **{f"field{n}": 1 for n in range(15_000)}})
    errors = is_problem(response, 422)["errors"]
    assert {each["code"] for each in errors} == {"unknown_field"}
    assert 1 <= len(errors) <= 100
