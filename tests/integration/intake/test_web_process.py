"""Intake's own web process: what is too large is refused at every address it has, and it goes on serving."""

import base64
import json
import socket
import sys

import pytest
from sqlalchemy import func, select

from services.intake.models import metadata
from shared.db import connect
from shared.web.body import BODY_LIMIT
from tests.integration.intake.front_door import PUBLIC, ROOT, prepare
from tests.servers.processes import ServerProcess, answers, free_port

READ = (
    "/", "/report", "/track", "/track/leave", "/static/intake/base.css", "/api/openapi.json", "/api/v1/categories",
    "/api/v1/feedback/status", "/healthz", "/readyz", "/metrics",
)  # fmt: skip
POSTED = ("/report", "/track", "/api/v1/feedback", "/api/v1/feedback/messages", "/webhooks/twilio/sms")
ADDRESSES = [*(("GET", path) for path in READ), *(("POST", path) for path in POSTED)]
FORM, JSON = "Content-Type: application/x-www-form-urlencoded", "Content-Type: application/json"
CLOSE, CHUNKED = "Connection: close", "Transfer-Encoding: chunked"
BEARER = "Authorization: Bearer 1234-5678-9012-3456"


class Served:
    """`commonground intake web` on a database of its own."""

    def __init__(self, folder):
        self.url, self.port = f"sqlite:///{folder / 'intake.sqlite3'}", free_port()
        prepare(self.url)
        environ = {
            "PYTHONPATH": str(ROOT),
            "INTAKE_DATABASE_URL": self.url,
            "BUS_URL": f"sqlite:///{folder / 'bus.sqlite3'}",
            "PUBLIC_URL": PUBLIC,
            "SECRET_KEY": "0" * 48,
            "SEALING_KEYS": base64.b64encode(b"k" * 32).decode(),
            "CITY": str(ROOT / "cities/port-alder"),
            "TWILIO_AUTH_TOKEN": "token",
            "LIMIT_FEEDBACK": "100000/hour",
            "LIMIT_TRACK": "100000/hour",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
        }
        self.log = folder / "log"
        command = [sys.executable, "-m", "commonground", "intake", "web"]
        self.process = ServerProcess(command, self.log, env=environ)
        self.process.start(lambda: answers(self.port))

    def raw(self, *pieces):
        """Send the bytes as they are; everything that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            for piece in pieces:
                connection.sendall(piece)
            found = b""
            while more := connection.recv(65536):
                found += more
            return found

    def kept(self):
        """How many rows there are but for those that count requests."""
        engine = connect(self.url)
        with engine.connect() as conn:
            tables = [table for table in metadata.sorted_tables if table.name != "rate_limits"]
            rows = sum(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
        engine.dispose()
        return rows

    def errors(self):
        """What it logged as an error."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["level"] == "error"]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    opened = Served(tmp_path_factory.mktemp("served"))
    yield opened
    opened.process.stop()


@pytest.fixture
def unmoved(served):
    """Refusing leaves nothing behind, and the next request is served."""
    yield served
    assert served.raw(head("GET", "/api/v1/categories", CLOSE)).startswith(b"HTTP/1.1 200 ")
    assert served.kept() == 0
    assert served.errors() == []


def head(method, path, *lines):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()


def chunks(size):
    whole, rest = divmod(size, 8192)
    sizes = [8192] * whole + [rest] * bool(rest)
    return b"".join(b"%x\r\n%s\r\n" % (each, b"x" * each) for each in sizes) + b"0\r\n\r\n"


def lines_for(path):
    """What the address wants to see before it reads a body."""
    receipt = [BEARER] if path.endswith("/messages") else []
    return [JSON if path.startswith("/api/") else FORM, *receipt, CLOSE]


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


def test_every_address_is_asked(lite):
    there = {
        (method, rule.rule.replace("<path:name>", "base.css"))
        for rule in lite.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert there == set(ADDRESSES)


@pytest.mark.parametrize("path", POSTED)
def test_a_chunked_body_over_the_limit_is_refused(unmoved, path):
    asked = head("POST", path, *lines_for(path), CHUNKED)
    assert status_of(unmoved.raw(asked, chunks(BODY_LIMIT + 1))) == 413
    # At the limit it is something else that is wrong.
    assert status_of(unmoved.raw(asked, chunks(BODY_LIMIT))) in (400, 403)


@pytest.mark.parametrize("path", POSTED)
def test_a_body_that_says_it_is_too_long_is_refused(unmoved, path):
    asked = head("POST", path, *lines_for(path), f"Content-Length: {BODY_LIMIT + 1}")
    assert status_of(unmoved.raw(asked, b"x" * (BODY_LIMIT + 1))) == 413


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_headers_that_are_too_large_are_refused(unmoved, method, path):
    for lines in (["X-A: " + "a" * 9000], ["Cookie: cg_resident=" + "a" * 9000], [f"X-{n}: a" for n in range(200)]):
        assert status_of(unmoved.raw(head(method, path, *lines, CLOSE))) == 431
    assert status_of(unmoved.raw(head(method, f"{path}?{'a' * 5000}", CLOSE))) == 414


@pytest.mark.parametrize("path", POSTED)
def test_a_request_that_contradicts_itself_is_refused(unmoved, path):
    length = "Content-Length: 5"
    for lines in (["Content-Length: -1"], [length, "Content-Length: 2"], [length, CHUNKED]):
        assert status_of(unmoved.raw(head("POST", path, *lines_for(path), *lines))) == 400
