"""One HTTP request whose stages are told apart: whether the other side can have acted is the whole point.

A new connection each time: on a kept one, "closed before an answer" says nothing about who read what.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from services.notifications.sender.port import CallTime

ANSWER_LIMIT = 1_000_000


class NotSent(Exception):
    """The connection was never made, so that the other side cannot have acted."""


class NoAnswer(Exception):
    """The request went out, in part at least, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, of whom."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def target(self) -> str:
        """Path and query, as the request line has them."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    text: str


def ask(request: Request, call: CallTime) -> Answer:
    """Connect, send, read. Raises NotSent, TooLate (both: nothing was sent) or NoAnswer."""
    connection = _connection(request.url, call)
    try:
        _connect(connection)
        call.check_start()
        return _exchange(connection, request, call)
    finally:
        connection.close()


def _connection(url: str, call: CallTime) -> HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=call.left(), context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=call.left())


def _connect(connection: HTTPConnection) -> None:
    try:
        connection.connect()
    except (OSError, HTTPException, UnicodeError) as error:
        raise NotSent(str(error)) from error


def _exchange(connection: HTTPConnection, request: Request, call: CallTime) -> Answer:
    connection.sock.settimeout(call.left())
    try:
        connection.request(request.method, request.target, request.body, dict(request.headers))
        response = connection.getresponse()
        return Answer(response.status, response.read(ANSWER_LIMIT).decode(errors="replace"))
    except (OSError, HTTPException) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from error
