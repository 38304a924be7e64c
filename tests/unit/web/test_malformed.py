"""Malformed requests: each gets its own 4xx, in its own shape, and none a 5xx."""

from io import BytesIO

import pytest

from shared.web.body import BODY_LIMIT

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
API = "/api/v1/items"


def text_of(size):
    """A JSON body of exactly so many bytes."""
    return b'{"text":"' + b"x" * (size - 11) + b'"}'


def multipart(field):
    head = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
    return head + field + b"\r\n--b--\r\n"


# (what, method, path, body, content type, headers, status, code of the first error or None)
TABLE = [
    ("empty body", "POST", API, b"", JSON, {}, 400, None),
    ("cut off", "POST", API, b'{"text": "x"', JSON, {}, 400, None),
    ("single quotes", "POST", API, b"{'text': 'x'}", JSON, {}, 400, None),
    ("trailing comma", "POST", API, b'{"text": "x",}', JSON, {}, 400, None),
    ("comment", "POST", API, b'{"text": "x"} // no', JSON, {}, 400, None),
    ("two documents", "POST", API, b'{"text": "x"}{"text": "y"}', JSON, {}, 400, None),
    ("NaN", "POST", API, b'{"text": NaN}', JSON, {}, 400, None),
    ("byte order mark", "POST", API, b'\xef\xbb\xbf{"text": "x"}', JSON, {}, 400, None),
    ("UTF-16", "POST", API, '{"text": "x"}'.encode("utf-16"), JSON, {}, 400, None),
    ("Latin-1", "POST", API, '{"text": "é"}'.encode("latin-1"), JSON, {}, 400, None),
    ("overlong UTF-8", "POST", API, b'{"text": "\xc0\xaf"}', JSON, {}, 400, None),
    ("raw surrogate", "POST", API, b'{"text": "\xed\xa0\x80"}', JSON, {}, 400, None),
    ("raw NUL", "POST", API, b'{"text": "\x00"}', JSON, {}, 400, None),
    ("duplicate key", "POST", API, b'{"text": "x", "text": "y"}', JSON, {}, 400, None),
    ("nested duplicate", "POST", API, b'{"text":"x","contact":{"phone":"+1","phone":"+2"}}', JSON, {}, 400, None),
    ("33 levels", "POST", API, b"[" * 33 + b"]" * 33, JSON, {}, 400, None),
    ("100,000 levels", "POST", API, b"[" * 100_000, JSON, {}, 400, None),
    (
        "5,000 digits too many",
        "POST",
        API,
        b'{"text":"x","count":' + b"9" * 5000 + b"}",
        JSON,
        {},
        422,
        "invalid_number",
    ),
    ("escaped NUL", "POST", API, b'{"text": "a\\u0000b"}', JSON, {}, 422, "unstorable_text"),
    ("lone surrogate", "POST", API, b'{"text": "\\ud800"}', JSON, {}, 422, "unstorable_text"),
    ("reversed pair", "POST", API, b'{"text": "\\ude00\\ud83d"}', JSON, {}, 422, "unstorable_text"),
    ("NUL in a key", "POST", API, b'{"text":"x","\\u0000":1}', JSON, {}, 422, "unstorable_text"),
    ("surrogate in a key", "POST", API, b'{"text":"x","\\udfff":1}', JSON, {}, 422, "unstorable_text"),
    ("unknown field", "POST", API, b'{"text":"x","txet":1}', JSON, {}, 422, "unknown_field"),
    ("missing field", "POST", API, b"{}", JSON, {}, 422, "required"),
    ("null", "POST", API, b'{"text":null}', JSON, {}, 422, "null"),
    ("number for text", "POST", API, b'{"text":3}', JSON, {}, 422, "invalid_type"),
    ("text for number", "POST", API, b'{"text":"x","count":"3"}', JSON, {}, 422, "invalid_number"),
    ("fraction", "POST", API, b'{"text":"x","count":1.5}', JSON, {}, 422, "invalid_number"),
    ("out of range", "POST", API, b'{"text":"x","count":11}', JSON, {}, 422, "out_of_range"),
    ("1e400", "POST", API, b'{"text":"x","count":1e400}', JSON, {}, 422, "invalid_number"),
    ("unknown choice", "POST", API, b'{"text":"x","kind":"rant"}', JSON, {}, 422, "invalid_choice"),
    ("object for text", "POST", API, b'{"text":{}}', JSON, {}, 422, "invalid_type"),
    ("list for object", "POST", API, b'{"text":"x","contact":[]}', JSON, {}, 422, "invalid_type"),
    ("object for list", "POST", API, b'{"text":"x","named":{}}', JSON, {}, 422, "invalid_type"),
    ("inner rule", "POST", API, b'{"text":"x","named":[{"phone":"5"}]}', JSON, {}, 422, "invalid_phone"),
    ("a list", "POST", API, b"[]", JSON, {}, 422, "invalid_type"),
    ("a string", "POST", API, b'"text"', JSON, {}, 422, "invalid_type"),
    ("null document", "POST", API, b"null", JSON, {}, 422, "invalid_type"),
    ("too long", "POST", API, text_of(100), JSON, {}, 422, "too_long"),
    ("exactly the limit", "POST", API, text_of(BODY_LIMIT), JSON, {}, 422, "too_long"),
    ("one byte over", "POST", API, text_of(BODY_LIMIT + 1), JSON, {}, 413, None),
    ("10 MiB", "POST", API, text_of(10 * 1024 * 1024), JSON, {}, 413, None),
    ("form to a program", "POST", API, b"text=x", FORM, {}, 415, None),
    ("no type", "POST", API, b'{"text":"x"}', None, {}, 415, None),
    ("text/plain", "POST", API, b'{"text":"x"}', "text/plain", {}, 415, None),
    ("XML", "POST", API, b"<text/>", "application/xml", {}, 415, None),
    ("a charset we do not read", "POST", API, b"{}", "application/json; charset=utf-16", {}, 415, None),
    ("nonsense type", "POST", API, b"{}", ";;;=", {}, 415, None),
    ("compressed", "POST", API, b"\x1f\x8b", JSON, {"Content-Encoding": "gzip"}, 415, None),
    ("wrong method", "DELETE", API, b"", None, {}, 405, None),
    ("invented method", "BREW", API, b"", None, {}, 405, None),
    ("unknown path", "GET", "/api/v1/nothing", b"", None, {}, 404, None),
    ("big body to an unknown path", "POST", "/api/v1/nothing", text_of(BODY_LIMIT + 1), JSON, {}, 404, None),
    ("climbing path", "GET", "/api/v1/../../etc/passwd", b"", None, {}, 404, None),
    ("encoded climbing", "GET", "/static/sample/%2e%2e/%2e%2e/app.py", b"", None, {}, 404, None),
    ("NUL in the path", "GET", "/api/v1/broken/%00", b"", None, {}, 404, None),
    ("invalid UTF-8 in the path", "GET", "/api/v1/%ff%fe", b"", None, {}, 404, None),
    ("unknown query name", "GET", f"{API}?limits=3", b"", None, {}, 422, "unknown_field"),
    ("repeated query name", "GET", f"{API}?limit=3&limit=4", b"", None, {}, 422, "repeated"),
    ("query out of range", "GET", f"{API}?limit=201", b"", None, {}, 422, "out_of_range"),
    ("query no number", "GET", f"{API}?limit=x", b"", None, {}, 422, "invalid_number"),
    ("NUL in the query", "GET", f"{API}?state=%00", b"", None, {}, 422, "unstorable_text"),
    ("invalid UTF-8 in the query", "GET", f"{API}?state=%ff", b"", None, {}, 400, None),
    ("surrogate in the query", "GET", f"{API}?state=%ED%A0%80", b"", None, {}, 422, "unstorable_text"),
    ("no receipt", "GET", "/api/v1/status", b"", None, {}, 401, None),
    ("another scheme", "GET", "/api/v1/status", b"", None, {"Authorization": "Basic !!!"}, 401, None),
    ("unreadable authorization", "GET", "/api/v1/status", b"", None, {"Authorization": "Bearer \xff"}, 401, None),
    ("no signature", "POST", "/webhooks/sms", b"Body=x", FORM, {}, 403, None),
    ("signed but empty", "POST", "/webhooks/sms", b"", FORM, {"X-Signature": "good"}, 403, None),
    ("webhook of another type", "POST", "/webhooks/sms", b"{}", JSON, {"X-Signature": "good"}, 403, None),
    ("big webhook", "POST", "/webhooks/sms", b"Body=" + b"x" * BODY_LIMIT, FORM, {}, 413, None),
    ("webhook by GET", "GET", "/webhooks/sms", b"", None, {}, 405, None),
]
PAGES = [
    ("form without a token", "POST", "/report", b"text=x", FORM, {}, 400),
    ("form with a forged token", "POST", "/report", b"text=x&csrf_token=forged", FORM, {}, 400),
    ("empty form", "POST", "/report", b"", None, {}, 400),
    ("JSON to a page", "POST", "/report", b"{}", JSON, {}, 415),
    ("text to a page", "POST", "/report", b"text=x", "text/plain", {}, 415),
    ("NUL in a field", "POST", "/report", b"text=%00", FORM, {}, 422),
    ("NUL in a name", "POST", "/report", b"te%00xt=1", FORM, {}, 422),
    ("surrogate in a field", "POST", "/report", b"text=%ED%A0%80", FORM, {}, 422),
    ("invalid UTF-8 in a field", "POST", "/report", b"text=%FF", FORM, {}, 400),
    ("raw invalid UTF-8", "POST", "/report", b"text=\xff", FORM, {}, 400),
    (
        "multipart of invalid UTF-8",
        "POST",
        "/report",
        multipart(b"\xff"),
        "multipart/form-data; boundary=b",
        {},
        400,
    ),
    ("multipart with NUL", "POST", "/report", multipart(b"\x00"), "multipart/form-data; boundary=b", {}, 422),
    ("multipart without end", "POST", "/report", b"--b\r\n", "multipart/form-data; boundary=b", {}, 400),
    ("multipart without boundary", "POST", "/report", b"x", "multipart/form-data", {}, 400),
    (
        "2,000 fields of multipart",
        "POST",
        "/report",
        b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n" * 2000 + b"--b--",
        "multipart/form-data; boundary=b",
        {},
        413,
    ),
    ("big form", "POST", "/report", b"text=" + b"x" * BODY_LIMIT, FORM, {}, 413),
    ("wrong method", "PUT", "/report", b"", None, {}, 405),
    ("unknown page", "GET", "/nothing", b"", None, {}, 404),
    ("someone else's page", "GET", "/console/", b"", None, {"X-Role": "auditor"}, 403),
    ("NUL in the query", "GET", "/report?x=%00", b"", None, {}, 422),
    ("forged cookie", "POST", "/report", b"text=x", FORM, {"Cookie": "cg_resident=eyJ.forged.sig"}, 400),
    ("unreadable cookie", "POST", "/report", b"text=x", FORM, {"Cookie": "cg_resident=\xff;;=;"}, 400),
]


def send(client, request):
    method, path, body, content_type, headers = request
    return client.open(path, method=method, data=body, content_type=content_type, headers=headers)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case[0])
def test_programs_are_told_what_to_fix(client, case):
    _, *request, status, code = case
    answer = send(client, request)
    if "static" in request[1]:
        assert answer.status_code == status
        return
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = answer.get_json()
    assert problem["type"] == "about:blank" and problem["status"] == status and problem["title"]
    assert [error["code"] for error in problem.get("errors", [])][:1] == ([code] if code else [])
    assert all(
        error["message"] and set(error) == {"pointer", "code", "message"} for error in problem.get("errors", [])
    )


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case[0])
def test_people_are_told_in_a_page(client, case):
    _, *request, status = case
    answer = send(client, request)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "<h1>" in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize(("path", "content_type"), [(API, JSON), ("/report", FORM), ("/webhooks/sms", FORM)])
def test_a_chunked_body_is_counted(client, path, content_type):
    answer = client.post(
        path,
        input_stream=BytesIO(b"text=" + b"x" * BODY_LIMIT),
        content_type=content_type,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


def test_a_body_that_ends_early_is_refused(client):
    sent = {"wsgi.input": BytesIO(b'{"text":"x"}'), "CONTENT_LENGTH": "400"}
    answer = client.post(API, content_type=JSON, environ_overrides=sent)
    assert (answer.status_code, answer.get_json()["detail"]) == (400, "The body ended before it was complete.")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": ";;q=,*;q=x, \xff"},
        {"Accept": ";q=x,,/"},
        {"Host": "nothing here"},
        {"Host": "evil\\.example"},
        {"Cookie": "=;=\xff"},
        {"traceparent": "00-zz-zz-zz"},
        {"X-Forwarded-For": "not, an, address"},
        {"If-None-Match": '"', "If-Modified-Since": "yesterday", "Range": "bytes=9-1"},
        {"Content-Type": "\xff"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", [API, "/report", "/nothing", "/static/sample/base.css"])
def test_no_header_breaks_an_answer(client, path, headers):
    assert client.get(path, headers=headers).status_code < 500


def test_a_good_request_goes_through(client):
    answer = client.post(API, data='{"text": "caf\\u00e9"}', content_type="application/json; charset=UTF-8")
    assert (answer.status_code, answer.get_json()) == (201, {"kind": "concern", "text": "café"})
