"""One door for all services: who owns a path, and one health for all processes."""

import contextlib
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from commonground.embedded.health import Health
from commonground.embedded.web import PATHS, Dispatcher

ROOT = Path(__file__).parents[3]


def test_the_map_of_paths_is_that_of_the_production_proxy() -> None:
    conf = (ROOT / "deploy/proxy/nginx.conf").read_text()
    places = re.findall(r"location (= )?(\S+) \{ proxy_pass http://\$(\w+); \}", conf)
    proxied = {path.rstrip("/"): owner for _, path, owner in places if path != "/"}
    ours = {path: owner for path, owner in PATHS.items() if owner in ("routing", "notifications")}
    assert proxied == ours
    assert [owner for _, path, owner in places if path == "/"] == ["intake"]


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/", "intake"), ("/report", "intake"), ("/api/v1/feedback", "intake"), ("/webhooks/twilio/sms", "intake"),
        ("/console", "routing"), ("/console/cases/1", "routing"), ("/consolefoo", "intake"),
        ("/api/staff/v1/cases", "routing"), ("/api/staff/openapi.json", "routing"),
        ("/api/openapi.json", "intake"), ("/webhooks/twilio/status", "notifications"), ("/demo/phone", "intake"),
        ("/healthz", "health"), ("/static/intake/x.css", "intake"), ("/static/routing/x.css", "routing"),
    ],
)  # fmt: skip
def test_each_path_has_one_owner(path: str, owner: str) -> None:
    def nobody(_environ: object, _start: object) -> list[bytes]:
        raise AssertionError

    dispatcher = Dispatcher(dict.fromkeys(("intake", "routing", "notifications", "health"), nobody))
    assert dispatcher.owner_of(path) == owner


class _Worker(http.server.BaseHTTPRequestHandler):
    answers: dict[str, tuple[int, bytes]]

    def do_GET(self) -> None:
        status, body = self.answers[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@contextlib.contextmanager
def a_worker(answers: dict[str, tuple[int, bytes]]) -> Iterator[int]:
    handler = type("Handler", (_Worker,), {"answers": answers})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def an_application(ready: int, reasons: dict[str, str]) -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/readyz", "ready", lambda: ({"ready": not reasons, "reasons": reasons}, ready))
    app.add_url_rule("/metrics", "metrics", lambda: '# TYPE events counter\nevents_total{service="a"} 3\n')
    return app


def test_ready_is_when_all_are() -> None:
    with a_worker({"/readyz": (200, b'{"problems": []}')}) as port:
        health = Client(Health({"intake": an_application(200, {})}, {"routing": port}))
        answer = health.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "reasons": {}})


def test_unready_names_everybody_who_is_not() -> None:
    with a_worker({"/readyz": (503, b'{"problems": ["The bus does not answer"]}')}) as port:
        apps = {"intake": an_application(503, {"database": "away"}), "routing": an_application(200, {})}
        health = Client(Health(apps, {"routing": port, "notifications": 1}))
        answer = health.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json == {
        "ready": False,
        "reasons": {
            "intake-web": {"database": "away"},
            "routing-worker": ["The bus does not answer"],
            "notifications-worker": "does not answer",
        },
    }


def test_metrics_of_all_processes_stand_side_by_side() -> None:
    body = b'# HELP events Seen\n# TYPE events counter\nevents_total{service="a"} 5\n'
    with a_worker({"/metrics": (200, body)}) as port:
        health = Client(Health({"intake": an_application(200, {})}, {"routing": port, "notifications": 1}))
        text = health.get("/metrics").text
    assert 'events_total{process="web",service="a"} 3.0' in text
    assert 'events_total{process="routing-worker",service="a"} 5.0' in text
    assert text.count("# TYPE events_total counter") == 1


def test_alive_asks_nobody() -> None:
    assert Client(Health({}, {"routing": 1})).get("/healthz").json == {"alive": True}
