"""Problems: what is answered instead of what was asked (RFC 9457), and how they are raised."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from shared.web.faults import Fault, FaultAt, fault, pointer

RETRY_AFTER_S = 5
MEDIA_TYPE = "application/problem+json"


class Problem(HTTPException):
    """Answers the request with a status, words and, for 422, what is wrong where.

    `detail` is a `fault(...)`, so that it is translated when it is written.
    """

    def __init__(
        self,
        status: int,
        detail: Fault | None = None,
        *,
        errors: Sequence[FaultAt] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(str(detail or ""))
        self.code = status
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})


def unprocessable(errors: Iterable[FaultAt]) -> Problem:
    """422 with every fault."""
    return Problem(422, errors=list(errors))


def wrong(code: str, words: str, *steps: object, **filled: object) -> Problem:
    """422 with one fault at the steps, such as `wrong("invalid_phone", "…", "contact", "phone")`."""
    return unprocessable([FaultAt(pointer(*steps), fault(code, words, **filled))])


def too_many(retry_after_s: int) -> Problem:
    """429: come back after so many seconds."""
    return Problem(429, headers={"Retry-After": str(max(1, retry_after_s))})


def unavailable(detail: Fault | None = None, retry_after_s: int = RETRY_AFTER_S) -> Problem:
    """503: nothing was kept, send it again after so many seconds."""
    return Problem(503, detail, headers={"Retry-After": str(retry_after_s)})


# What happened and what to do next; the English text is the key of the catalogues.
TITLES: Mapping[int, Fault] = {
    400: fault("bad_request", "We could not read this request"),
    401: fault("unauthorized", "Please sign in or send your receipt or token"),
    403: fault("forbidden", "This is not open to you"),
    404: fault("not_found", "There is nothing here"),
    405: fault("method_not_allowed", "This address does not take that method"),
    408: fault("timeout", "The request took too long to arrive"),
    409: fault("conflict", "This does not fit what is there now"),
    412: fault("stale", "It has changed since you read it"),
    413: fault("too_large", "This is larger than we can take"),
    415: fault("unsupported_type", "We do not take this kind of content"),
    422: fault("unprocessable", "Some of this cannot be kept as it is"),
    428: fault("precondition_required", "Say which version you read"),
    429: fault("too_many", "Too many requests"),
    500: fault("internal", "Something went wrong on our side"),
    503: fault("unavailable", "We cannot take this right now"),
}
DETAILS: Mapping[int, Fault] = {
    404: fault("not_found", "The address may be mistyped, or it was never there."),
    422: fault("unprocessable", "Each entry of errors says what to change."),
    429: fault("too_many", "Nothing was kept. Please wait a little and try again."),
    500: fault("internal", "Nothing was kept. We have been told; please try again."),
    503: fault("unavailable", "Nothing was kept. Please try again in a moment."),
}


def said(message: Fault) -> str:
    """The message in the language of the request."""
    words: str = gettext(message.words)
    return words % message.filled if message.filled else words.replace("%%", "%")


def title_of(problem: Problem) -> str:
    """The problem in one line."""
    status = problem.code or 500
    known = TITLES.get(status)
    return said(known) if known else HTTPStatus(status).phrase


def detail_of(problem: Problem) -> str:
    """What to do next; empty when the title says it all."""
    known = problem.detail or DETAILS.get(problem.code or 500)
    return said(known) if known else ""


def document(problem: Problem) -> dict[str, Any]:
    """The problem as RFC 9457 wants it; about:blank because the status says what kind it is."""
    found: dict[str, Any] = {"type": "about:blank", "title": title_of(problem), "status": problem.code}
    if detail := detail_of(problem):
        found["detail"] = detail
    if problem.errors:
        found["errors"] = [
            {"pointer": at.pointer, "code": at.fault.code, "message": said(at.fault)} for at in problem.errors
        ]
    return found
