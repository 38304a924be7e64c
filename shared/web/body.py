"""Reading a request: bytes are counted by us, JSON and forms are strict, and each refusal has its status."""

from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import flask
from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.utils import cached_property

from shared.web import strict_json
from shared.web.faults import UNSTORABLE, FaultAt, fault, pointer
from shared.web.problems import Problem, unprocessable

BODY_LIMIT = 256 * 1024

_WORDS = {
    strict_json.Malformed.SYNTAX: fault("malformed_json", "The body is not valid JSON."),
    strict_json.Malformed.DUPLICATE: fault("duplicate_key", "The body has the same key twice in one object."),
    strict_json.Malformed.DEEP: fault("too_deep", "The body is nested more than 32 levels deep."),
    strict_json.Malformed.ENCODING: fault("not_utf8", "The body is not valid UTF-8."),
}
NOT_UTF8 = fault("not_utf8", "The request is not valid UTF-8.")
NOT_STORABLE = fault("unstorable_text", UNSTORABLE)
CUT_OFF = fault("cut_off", "The body ended before it was complete.")
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


# werkzeug's cached_property: functools' (3.11) takes one lock for all instances, wrong while a client sends.
class Request(flask.Request):
    """A request whose body is read whole, once, and never beyond the limit.

    Werkzeug cuts a chunked form at its limit and goes on; this refuses it with 413.
    """

    @cached_property
    def body(self) -> bytes:
        """The body. Raises Problem 413, or 400 when it was cut off or framed wrongly."""
        if self.content_length is not None and self.content_length > BODY_LIMIT:
            raise too_large()
        try:
            body = self._read_raw()
        except TimeoutError:
            raise Problem(408) from None
        except (OSError, ParseException):  # a closed connection, broken chunks
            raise Problem(400, CUT_OFF) from None
        if len(body) > BODY_LIMIT:
            raise too_large()
        if self.content_length is not None and len(body) < self.content_length:
            raise Problem(400, CUT_OFF)
        return body

    def _read_raw(self) -> bytes:
        raw: IO[bytes] = self.environ["wsgi.input"]
        if self.content_length is not None:
            return raw.read(self.content_length)
        # Without a length only a server that marks the end itself can be read to the end.
        return raw.read(BODY_LIMIT + 1) if self.environ.get("wsgi.input_terminated") else b""

    @cached_property
    def document(self) -> Any:
        """The body as JSON. Raises Problem 400, 413, 415 or 422."""
        check_content_type("application/json")
        body = self.body
        try:
            document = strict_json.read(body)
        except strict_json.Malformed as malformed:
            raise Problem(400, _WORDS[malformed.reason]) from None
        if found := strict_json.unstorable_places(body, document):
            raise unprocessable(FaultAt(pointer(*steps), NOT_STORABLE) for steps in found)
        return document

    @cached_property
    def stream(self) -> IO[bytes]:
        """The counted body, for the parsers of forms."""
        return BytesIO(self.body)


def too_large() -> Problem:
    """413 with the limit."""
    return Problem(413, fault("too_large", "At most %(limit)s KiB are taken.", limit=BODY_LIMIT // 1024))


def raw_body() -> bytes:
    """The body of the current request, counted. Raises Problem."""
    body: bytes = request.body  # type: ignore[attr-defined]
    return body


def json_body() -> Any:
    """The JSON document of the current request, read once. Raises Problem 400, 413, 415 or 422."""
    return request.document  # type: ignore[attr-defined]


def check_content_type(*accepted: str) -> None:
    """Raises Problem 415 unless the body is one of the types, in UTF-8 and not compressed."""
    environ = request.environ
    if environ.get("CONTENT_TYPE", "") not in accepted:
        charset = request.mimetype_params.get("charset", "utf-8").lower()
        if request.mimetype not in accepted or charset not in ("utf-8", "utf8"):
            raise _unsupported(accepted)
    if environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise _unsupported(accepted)


def _unsupported(accepted: tuple[str, ...]) -> Problem:
    detail = fault("unsupported_type", "Send it as %(type)s, in UTF-8 and not compressed.", type=accepted[0])
    return Problem(415, detail, headers={"Accept": ", ".join(accepted)})


def check_form() -> None:
    """Raises Problem unless the body is a form of clean UTF-8: 413, 415, 400, and 422 for what cannot be kept."""
    if not raw_body() and not request.environ.get("CONTENT_TYPE"):
        return
    check_content_type(FORM, MULTIPART)
    if request.mimetype == FORM:
        _check_encoded(raw_body())
    else:
        _check_replaced()
    check_storable(request.form.items(multi=True))


def check_query() -> None:
    """Raises Problem 400 or 422 unless the query is clean UTF-8."""
    if raw := request.query_string:
        _check_encoded(raw)
        check_storable(request.args.items(multi=True))


def _check_encoded(raw: bytes) -> None:
    try:
        # Half of a pair, encoded alone, is no UTF-8 either, but the contract has a word of its own for it.
        text = unquote_to_bytes(raw).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise Problem(400, NOT_UTF8) from None
    if not text.isascii() and strict_json.is_unstorable(text):
        raise unprocessable([FaultAt("", NOT_STORABLE)])


def _check_replaced() -> None:
    # The multipart parser silently replaces broken UTF-8; more replacement characters than were sent tell.
    seen = sum(value.count("�") for _, value in request.form.items(multi=True))
    if seen > raw_body().count("�".encode()):
        raise Problem(400, NOT_UTF8)


def check_storable(pairs: Any) -> None:
    """Raises Problem 422 that names the fields with NUL or lone surrogates."""
    bad = [name for name, value in pairs if strict_json.is_unstorable(value) or strict_json.is_unstorable(name)]
    if bad:
        raise unprocessable(FaultAt(pointer(name), NOT_STORABLE) for name in bad)
