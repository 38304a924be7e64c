"""Around every request: its context, headers, line of log and metrics, and a last answer when all else fails."""

import logging
import re
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from shared.context import Context, working_on
from shared.web import access_log, metrics
from shared.web.headers import Headers, complete

ROUTE = "commonground.route"
UNMATCHED = "-"
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DEEPEST_FRAMES = 12
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

# W3C Trace Context, level 1, version 00.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_LAST_ANSWER = b'{"type":"about:blank","title":"Something went wrong on our side","status":500}'

log = logging.getLogger(__name__)


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
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__qualname__, "at": places[-DEEPEST_FRAMES:]}


class Observed:
    """A WSGI application whose requests are logged, measured and always answered."""

    def __init__(self, app: Wsgi, service: str, headers: Sequence[tuple[str, str]]) -> None:
        self._app = app
        self._service = service
        self._headers = headers

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request inside its context."""
        started = time.perf_counter()
        status = "500"
        context = context_for(environ.get("HTTP_TRACEPARENT"))

        def start(line: str, headers: Headers, exc_info: Any = None) -> Any:
            nonlocal status
            status = line[:3]
            complete(headers, self._headers, environ)
            headers.append(("X-Correlation-Id", context.correlationid))
            return start_response(line, headers, exc_info) if exc_info else start_response(line, headers)

        with working_on(context):
            try:
                return self._app(environ, start)
            except Exception as error:  # noqa: BLE001 — whatever it is, somebody waits for an answer
                log.error("A request could not be answered", extra=traced(error))
                return _last_answer(start)
            finally:
                self._note(environ, status, time.perf_counter() - started, context)

    def _note(self, environ: Environ, status: str, seconds: float, context: Context) -> None:
        asked = environ["REQUEST_METHOD"]
        # Clients invent methods; logs and metrics do not repeat them.
        method = asked if asked in KNOWN_METHODS else "other"
        route = environ.get(ROUTE, UNMATCHED)
        metrics.count(self._service, route, method, status, seconds)
        access_log.write(
            service=self._service, method=method, route=route, status=int(status), seconds=seconds, context=context
        )


def _last_answer(start: StartResponse) -> list[bytes]:
    headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(_LAST_ANSWER)))]
    start("500 Internal Server Error", headers)
    return [_LAST_ANSWER]
