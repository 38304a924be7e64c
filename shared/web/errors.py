"""Every error becomes an answer: problem+json for programs, a page for people, never a traceback."""

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, render_template, request
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, StatementError
from werkzeug.exceptions import HTTPException

from shared.context import current
from shared.db import is_outage
from shared.web.access import current_rule
from shared.web.answers import json_answer
from shared.web.faults import Fault, fault, faults_of
from shared.web.observing import traced
from shared.web.problems import MEDIA_TYPE, Problem, detail_of, document, title_of, unavailable, unprocessable

PROGRAMS = ("/api/", "/webhooks/", "/open311/", "/healthz", "/readyz", "/metrics")
KEPT_HEADERS = frozenset({"allow", "retry-after", "www-authenticate", "content-range"})
FORM_EXPIRED = fault(
    "form_expired", "This form was open too long or in another window. Go back, reload the page and send it again."
)
OUT_OF_BOUNDS = fault("out_of_bounds", "A value is larger than can be kept.")

log = logging.getLogger(__name__)


def answer_errors(app: Flask) -> None:
    """Register the one handler of each kind of error."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(ValidationError, lambda error: answer(unprocessable(faults_of(error))))
    app.register_error_handler(Exception, _failed)


def _refused(error: HTTPException) -> Any:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return answer(as_problem(error))


def as_problem(error: HTTPException) -> Problem:
    """Flask's and Werkzeug's errors as problems, with the headers that belong to their status."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, CSRFError):
        return Problem(400, FORM_EXPIRED)
    headers = {name: value for name, value in error.get_headers() if name.lower() in KEPT_HEADERS}
    return Problem(error.code or 500, headers=headers)


def _failed(error: Exception) -> Response:
    if is_outage(error):
        log.warning("The database is away", extra={"error": type(error).__name__})
        return answer(unavailable())
    if _out_of_bounds(error):
        # The last net under the schemas: a number or date for which database or calendar have no room.
        log.error("A value was out of bounds", extra={"route": _route()})
        return answer(Problem(422, OUT_OF_BOUNDS))
    log.error("A view failed", extra={"route": _route(), **traced(error)})
    return answer(Problem(500))


def _out_of_bounds(error: Exception) -> bool:
    """A value's way into a statement fails inside SQLAlchemy, which wraps what happened there."""
    cause = error.orig if isinstance(error, StatementError) else error
    return isinstance(error, DataError) or isinstance(cause, OverflowError)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "-"


def answer(problem: Problem) -> Response:
    """The problem in the shape its reader understands."""
    response = _as_json(problem) if _is_for_program() else _as_page(problem)
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = str(get_locale()).replace("_", "-")
    response.vary.add("Accept-Language")
    return response


def _is_for_program() -> bool:
    rule = current_rule()
    by_place = request.path.startswith(PROGRAMS) if rule is None else not rule.page
    return by_place or _asks_for_json()


def _asks_for_json() -> bool:
    asked = set(request.accept_mimetypes.values())
    return "text/html" not in asked and bool(asked & {"application/json", MEDIA_TYPE})


def _as_json(problem: Problem) -> Response:
    return json_answer(document(problem), problem.code or 500, media_type=MEDIA_TYPE)


def _as_page(problem: Problem) -> Response:
    known = {
        "title": title_of(problem),
        "detail": detail_of(problem),
        "errors": document(problem).get("errors", []),
    }
    try:
        page = render_template("web/problem.html", correlationid=current().correlationid, **known)
    except Exception as error:  # noqa: BLE001 — a page that needs the database cannot say that it is away
        log.error("The page of a problem failed", extra=traced(error))
        page = _plain_page(known)
    return Response(page, problem.code, content_type="text/html; charset=utf-8")


def _plain_page(known: Mapping[str, Any]) -> str:
    title, detail = escape(known["title"]), escape(known["detail"])
    return f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{detail}</p>"


def not_found(words: Fault | None = None) -> Problem:
    """404, the same for what is absent and what is not to be seen."""
    return Problem(404, words)
