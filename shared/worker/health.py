"""Serves /healthz, /readyz and /metrics of a worker on its own port."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select

from shared.failures import in_words, is_away
from shared.metrics import REGISTRY
from shared.pulse import Pulse
from shared.worker.runtime import Runtime

log = logging.getLogger(__name__)

PING_TIMEOUT_S = 2.0
READ_TIMEOUT_S = 5.0


class Health:
    """Answers the three questions."""

    def __init__(self, runtime: Runtime, pulses: Sequence[Pulse]) -> None:
        self._runtime = runtime
        self._pulses = pulses

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body for a path."""
        match path.partition("?")[0]:
            case "/healthz":
                return 200, "application/json", b'{"status":"alive"}'
            case "/readyz":
                problems = self.problems()
                return 503 if problems else 200, "application/json", orjson.dumps({"problems": problems})
            case "/metrics":
                return 200, CONTENT_TYPE_LATEST, generate_latest(REGISTRY)
            case _:
                return 404, "application/json", b'{"status":"no such page"}'

    def problems(self) -> list[str]:
        """What keeps this worker from working, one sentence each."""
        found = []
        for name, ask in (("database", self._ask_database), ("bus", self._ask_bus)):
            try:
                ask()
            except Exception as error:
                if not is_away(error):
                    log.exception("A health check failed")
                found.append(f"The {name} does not answer ({in_words(error)})")
        return found

    def _ask_database(self) -> None:
        with self._runtime.engine.connect().execution_options(read_only=True) as conn:
            conn.execute(select(1))

    def _ask_bus(self) -> None:
        self._runtime.bus.ping(PING_TIMEOUT_S)


@contextmanager
def serve_health(runtime: Runtime, pulses: Sequence[Pulse]) -> Iterator[int]:
    """Serve on HOST:METRICS_PORT while inside; the port, 0 when METRICS_PORT is 0 and nothing is served."""
    settings = runtime.settings
    if settings.metrics_port == 0:
        yield 0
        return
    health = Health(runtime, pulses)

    class Handler(BaseHTTPRequestHandler):
        timeout = READ_TIMEOUT_S

        def do_GET(self) -> None:
            status, content_type, body = health.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Probes every few seconds are not worth a line."""

    server = ThreadingHTTPServer((settings.host, settings.metrics_port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
