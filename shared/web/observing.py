"""Around every request: its context, one line of log and its metrics, and a last answer when all else fails.

The line holds the route's template, never the path, query, address, agent or anything a person wrote.
"""

import re
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog

from shared.context import Context, working_on
from shared.web import metrics

ROUTE = "commonground.route"
UNMATCHED = "-"
DEEPEST_FRAMES = 12
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# W3C Trace Context, level 1, version 00.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_LAST_ANSWER = b'{"type":"about:blank","title":"Something went wrong on our side","status":500}'

log = structlog.get_logger("web")


def context_for(traceparent: str | None) -> Context:
    """A context of our own; a valid trace goes on in it, a correlation id from outside never does."""
    match = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if match is None:
        return Context()
    return Context(traceparent=f"00-{match[1]}-{token_hex(8)}-{match[2]}")


def traced(error: BaseException) -> dict[str, Any]:
    """An error as it may be logged: its type and where it came from.

    Never its message or the values of its frames, which hold what people wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return {"error": type(error).__qualname__, "trace": places[-DEEPEST_FRAMES:]}


class Observed:
    """A WSGI application whose requests are logged, measured and always answered."""

    def __init__(self, app: Wsgi, service: str) -> None:
        self._app = app
        self._service = service

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer the request inside its context."""
        started = time.perf_counter()
        statuses: list[str] = ["500"]

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            statuses[0] = status[:3]
            headers.append(("X-Correlation-Id", context.correlationid))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        with working_on(context_for(environ.get("HTTP_TRACEPARENT"))) as context:
            try:
                return self._app(environ, start)
            except Exception as error:  # noqa: BLE001 — whatever it is, somebody waits for an answer
                log.error("unanswerable", correlationid=context.correlationid, **traced(error))
                return _last_answer(start)
            finally:
                self._note(environ, statuses[0], time.perf_counter() - started, context)

    def _note(self, environ: dict[str, Any], status: str, seconds: float, context: Context) -> None:
        route, method = environ.get(ROUTE, UNMATCHED), environ["REQUEST_METHOD"]
        metrics.count(self._service, route, method, status, seconds)
        log.info(
            "request",
            service=self._service,
            method=method if method in metrics.KNOWN_METHODS else "other",
            route=route,
            status=int(status),
            ms=round(seconds * 1000, 1),
            correlationid=context.correlationid,
        )


def _last_answer(start: Callable[..., Any]) -> list[bytes]:
    headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(_LAST_ANSWER)))]
    start("500 Internal Server Error", headers)
    return [_LAST_ANSWER]
