"""Malformed requests at the pages people use: a 4xx in a page that says what to do, and nothing kept."""

import pytest

from tests.integration.intake.test_malformed import kept
from tests.integration.intake.visitor import Visitor

FORM, JSON, MULTIPART = "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b"
BODY_LIMIT = 256 * 1024
POSTED = ("/report", "/track")
READ = ("/", "/report", "/track", "/track/leave")


def part(content):
    return b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + content + b"\r\n--b--\r\n"


#: To every form, whatever it asks: name → (body, content type, headers, status).
BODIES = {
    "nothing": (b"", FORM, {}, 400),
    "no token": (b"text=x&step=send", FORM, {}, 400),
    "a forged token": (b"text=x&csrf_token=forged", FORM, {}, 400),
    "a forged cookie": (b"text=x", FORM, {"Cookie": "cg_resident=eyJ.forged.sig"}, 400),
    "an unreadable cookie": (b"text=x", FORM, {"Cookie": "cg_resident=\xff;;=;"}, 400),
    "JSON": (b"{}", JSON, {}, 415),
    "plain text": (b"text=x", "text/plain", {}, 415),
    "a strange type": (b"text=x", ";;;=", {}, 415),
    "compressed": (b"\x1f\x8b", FORM, {"Content-Encoding": "gzip"}, 415),
    "NUL in a field": (b"text=%00", FORM, {}, 422),
    "NUL in a name": (b"te%00xt=1", FORM, {}, 422),
    "a lone surrogate": (b"text=%ED%A0%80", FORM, {}, 422),
    "invalid UTF-8": (b"text=%FF", FORM, {}, 400),
    "raw invalid UTF-8": (b"text=\xff", FORM, {}, 400),
    "parts with NUL": (part(b"\x00"), MULTIPART, {}, 422),
    "parts of invalid UTF-8": (part(b"\xff"), MULTIPART, {}, 400),
    "parts without end": (b"--b\r\n", MULTIPART, {}, 400),
    "parts without boundary": (b"x", "multipart/form-data", {}, 400),
    "2,000 parts": (part(b"")[:-7] * 2000 + b"--b--", MULTIPART, {}, 413),
    "256 KiB and more": (b"text=" + b"x" * BODY_LIMIT, FORM, {}, 413),
}  # fmt: skip
#: Sent with the page's own token: name → (path, fields, status).
FILLED = {
    "a concern by an unknown step": ("/report", {"step": "dance", "text": "x"}, 400),
    "a concern by an empty step": ("/report", {"step": "", "text": "x"}, 400),
    "nothing checked": ("/report", {"step": "check"}, 422),
    "a story of 10,001": ("/report", {"step": "check", "text": "x" * 10_001, "reach": "anonymous"}, 422),
    "a strange category": ("/report", {"text": "x", "reach": "anonymous", "category": "weather"}, 422),
    "a strange way": ("/report", {"text": "x", "reach": "pigeon"}, 422),
    "the end of time": ("/report", {"text": "x", "reach": "anonymous", "occurred_on": "9999-12-31"}, 422),
    "the 30th of February": ("/report", {"text": "x", "reach": "anonymous", "occurred_on": "2026-02-30"}, 422),
    "a long address": ("/report", {"text": "x", "reach": "anonymous", "address": "x" * 501}, 422),
    "a send without a draft": ("/report", {"step": "send"}, 400),
    "a send of a forged draft": ("/report", {"step": "send", "draft": "AAAA"}, 400),
    "a change of a draft in Arabic": ("/report", {"step": "change", "draft": "مسودة"}, 400),
    "a save without a receipt": ("/report", {"step": "save"}, 400),
    "a save of a forged receipt": ("/report", {"step": "save", "receipt": "1234567890123456"}, 400),
    "an unknown step of following up": ("/track", {"step": "dance", "receipt": "1" * 16}, 400),
    "no receipt": ("/track", {}, 404),
    "an unknown receipt": ("/track", {"step": "open", "receipt": "1" * 16}, 404),
    "a receipt of 100,000 digits": ("/track", {"step": "open", "receipt": "1" * 100_000}, 404),
    "words to nobody": ("/track", {"step": "write", "text": "x"}, 409),
    "words to a forged page": ("/track", {"step": "write", "text": "x", "conversation": "AAAA"}, 409),
    "words with a strange mark": ("/track", {"step": "write", "text": "x", "token": "\u2028" * 36}, 409),
}  # fmt: skip


@pytest.fixture
def unchanged(lite):
    """The door, which must hold the same rows afterwards."""
    before = kept(lite)
    yield lite
    assert kept(lite) == before


def is_page(response, status):
    assert (response.status_code, response.mimetype) == (status, "text/html"), response.text[:500]
    assert "<h1" in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_form_of_ours_is_refused(unchanged, name, path):
    body, content_type, headers, status = BODIES[name]
    is_page(unchanged.client.post(path, data=body, content_type=content_type, headers=headers), status)


@pytest.mark.parametrize("name", FILLED)
def test_a_form_filled_in_strangely_is_refused(unchanged, name):
    path, fields, status = FILLED[name]
    visitor = Visitor(unchanged.app.test_client()).get(path)
    sent = {"csrf_token": visitor.fields["csrf_token"], **fields}
    response = visitor.client.post(path, data=sent)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert "Traceback" not in response.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize("path", READ)
def test_another_method_is_refused(unchanged, path, method):
    is_page(unchanged.client.open(path, method=method), 405)


@pytest.mark.parametrize(("query", "status"), [("x=%00", 422), ("partner=%FF", 400), ("partner=%ED%A0%80", 422)])
@pytest.mark.parametrize("path", READ)
def test_a_query_no_database_could_keep_is_refused(unchanged, path, query, status):
    is_page(unchanged.client.get(f"{path}?{query}"), status)


@pytest.mark.parametrize("path", ["/Report", "/report/", "/report/%00", "/track/%ff", "/track/../x", "/x"])
def test_an_address_that_is_none_is_refused(unchanged, path):
    is_page(unchanged.client.get(path), 404)
