"""Serves a web application: gunicorn with gevent workers, started from code.

Call `shared.web.cooperative.prepare()` first, above all other imports of the process.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn

import psycopg.waiting
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger as GunicornLog
from gunicorn.http.errors import ExpectationFailed, LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.base_async import AsyncWorker
from gunicorn.workers.ggevent import GeventWorker

from shared.config import Settings
from shared.web import cooperative, metrics
from shared.web.observing import Wsgi

GRACE_S = 8
STILL_S = 30.0
DRAIN_BYTES = 4 * 1024 * 1024
STATUS = {LimitRequestLine: 414, LimitRequestHeaders: 431, ExpectationFailed: 417}

log = logging.getLogger(__name__)
Make = Callable[[Settings], Wsgi]


class NotCooperative(RuntimeError):
    """The process was not prepared: one waiting request would hold up all others of its worker."""


class Worker(GeventWorker):  # type: ignore[misc]
    """gunicorn's gevent worker that waits for nobody for ever; what it refuses is a problem too.

    No address of a client is logged.
    """

    def handle(self, listener: Any, client: Any, address: Any) -> None:
        """Serve a connection; one that stops sending or reading is let go."""
        client.settimeout(STILL_S)
        AsyncWorker.handle(self, listener, client, address)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, address: Any) -> None:
        """Serve a request; what the application did not read of its body is taken, but not without end."""
        try:
            super().handle_request(listener_name, req, sock, address)
        except StopIteration:  # the connection ends here; closed with bytes unread, it would reset the answer away
            _drained(req.body)
            raise
        if not _drained(req.body):
            raise StopIteration  # the loop of requests ends, and with it the connection

    def handle_error(self, _request: Any, client: Any, _address: Any, error: BaseException) -> None:
        """Answer what never reached the application."""
        status = STATUS.get(type(error), 400) if isinstance(error, ParseException) else 500
        level = logging.WARNING if status < 500 else logging.ERROR
        log.log(level, "The server refused a request", extra={"status": status, "error": type(error).__name__})
        try:
            client.sendall(_refusal(status))
            _linger(client)
        except OSError:
            return


def _drained(body: Any) -> bool:
    """Whether the body ends within what is still read after an answer: the client may be sending yet."""
    left = DRAIN_BYTES
    try:
        while left > 0:
            taken = len(body.read(min(left, 65536)))
            if not taken:
                return True
            left -= taken
    except (OSError, ParseException):
        return False
    return False


def _refusal(status: int) -> bytes:
    phrase = HTTPStatus(status).phrase
    body = f'{{"type":"about:blank","title":"{phrase}","status":{status}}}'.encode()
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n"
    )
    return head.encode() + body


def _linger(client: Any) -> None:
    """Take what is still being sent, for a moment: closing at once would reset the answer away."""
    client.shutdown(1)
    client.settimeout(1)
    for _ in range(64):
        if not client.recv(65536):
            return


class Log(GunicornLog):  # type: ignore[misc]
    """What gunicorn says goes where all logs go."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's own handlers away."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, make: Make, settings: Settings) -> None:
        self._make, self._settings = make, settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Wsgi:
        return self._make(self._settings)


def options(settings: Settings) -> dict[str, Any]:
    """What gunicorn is told."""
    return {
        "bind": f"{settings.host}:{settings.port}",
        "workers": settings.web_workers,
        "worker_class": f"{Worker.__module__}.{Worker.__qualname__}",
        "logger_class": f"{Log.__module__}.{Log.__qualname__}",
        "worker_connections": 1000,
        "timeout": 30,
        "graceful_timeout": GRACE_S,
        "keepalive": 15,
        "limit_request_line": 4094,
        "limit_request_fields": 100,
        "limit_request_field_size": 8190,
        # Nobody's word about scheme or address is taken here; limits read TRUSTED_PROXIES themselves.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        # gunicorn 27 opens a control socket under $HOME that two services would share.
        "control_socket_disable": True,
        "child_exit": lambda _server, worker: metrics.forget_worker(worker.pid),
    }


def serve(make: Make, settings: Settings) -> NoReturn:
    """Serve `make(settings)`, called once in each worker, until SIGTERM. Raises NotCooperative."""
    if not cooperative.is_prepared() or psycopg.waiting.wait is getattr(psycopg.waiting, "wait_c", None):
        raise NotCooperative("call shared.web.cooperative.prepare() before importing anything else")
    _Server(make, settings).run()
    raise SystemExit(0)
