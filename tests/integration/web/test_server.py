"""The real server: what it refuses, how it counts, waits, measures and stops."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from shared.web.body import BODY_LIMIT
from tests.servers.processes import ServerProcess, answers, free_port

ROOT = Path(__file__).parents[3]


class Served:
    """The sample behind gunicorn."""

    def __init__(self, folder, workers=1, still=30, database=""):
        self.port, self.folder = free_port(), folder
        self.log, self.home = folder / "log", folder / "home"
        self.home.mkdir()
        command = [sys.executable, "-m", "tests.integration.web.serving"]
        command += [str(folder), str(self.port), str(workers), str(still)]
        env = {"PYTHONPATH": str(ROOT), "HOME": str(self.home), "TMPDIR": str(folder)}
        self.process = ServerProcess([*command, database], self.log, env=env)
        self.process.start(lambda: answers(self.port))

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def raw(self, *pieces, timeout=10):
        """Send the bytes as they are; everything that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            for piece in pieces:
                connection.sendall(piece)
            found = b""
            while part := connection.recv(65536):
                found += part
            return found

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    sample = Served(tmp_path_factory.mktemp("served"))
    yield sample
    sample.process.stop()


def head(path="/api/size", *lines, method="POST"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()


CLOSE, CHUNKED = "Connection: close", "Transfer-Encoding: chunked"
JSON, FORM = "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"


def chunks(content, size=8192):
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/items", JSON), ("/report", FORM), ("/webhooks/sms", FORM), ("/api/size", JSON)]
)
def test_chunked_bodies_are_counted_to_the_byte(served, path, kind):
    over = served.raw(head(path, kind, CHUNKED, CLOSE), chunks(b"x" * (BODY_LIMIT + 1)))
    assert over.startswith(b"HTTP/1.1 413 ")
    if path == "/api/size":
        assert served.raw(head(path, kind, CHUNKED, CLOSE), chunks(b"x" * BODY_LIMIT)).endswith(b"262144")


def test_a_body_far_over_the_limit_still_hears_why(served):
    for body in (b"x" * (3 * 1024 * 1024), iter([b"x" * 65536] * 48)):
        answer = requests.post(served.url("/api/size"), data=body, timeout=10)
        assert (answer.status_code, answer.json()["detail"]) == (413, "At most 256 KiB are taken.")


def test_who_closes_after_the_answer_hears_it_too(served):
    for size in (BODY_LIMIT + 1, 1024 * 1024) * 5:
        assert b" 413 " in served.raw(head("/api/size", f"Content-Length: {size}", CLOSE), b"x" * size)[:13]


def test_a_body_without_end_is_cut_off(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(head("/api/size", CHUNKED))
        with pytest.raises(OSError):
            for _ in range(400):
                connection.sendall(b"%x\r\n%s\r\n" % (65536, b"x" * 65536))


def test_a_connection_goes_on_after_a_refusal(served):
    with requests.Session() as session:
        assert session.post(served.url("/api/v1/items"), data=b"x" * (BODY_LIMIT + 1)).status_code == 413
        assert session.post(served.url("/api/v1/items"), json={"text": "x"}).status_code == 201


REFUSED = [
    ("a line that is no request", b"NONSENSE\r\n\r\n", 400),
    ("no version", b"GET /\r\n\r\n", 400),
    ("a long line", head("/" + "a" * 5000, method="GET"), 414),
    ("a big header", head("/", "X-A: " + "a" * 9000, method="GET"), 431),
    ("200 headers", head("/", *[f"X-{n}: a" for n in range(200)], method="GET"), 431),
    ("a header without colon", head("/", "nonsense", method="GET"), 400),
    ("NUL in a header", head("/", "X-A: a\0b", method="GET"), 400),
    ("a space in a header's name", head("/", "X A: b", method="GET"), 400),
    ("folded headers", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n", 400),
    ("a length that is no number", head("/api/size", "Content-Length: ten"), 400),
    ("a negative length", head("/api/size", "Content-Length: -1"), 400),
    ("two lengths", head("/api/size", "Content-Length: 1", "Content-Length: 2"), 400),
    ("a length and chunks", head("/api/size", "Content-Length: 5", CHUNKED) + b"0\r\n\r\n", 400),
    ("an unknown coding", head("/api/size", "Transfer-Encoding: rot13"), 400),
    ("a chunk of size x", head("/api/size", CHUNKED, CLOSE) + b"x\r\nabc\r\n0\r\n\r\n", 400),
    ("a chunk longer than said", head("/api/size", CHUNKED, CLOSE) + b"1\r\nabc\r\n0\r\n\r\n", 400),
    ("an expectation we do not know", head("/api/size", "Expect: 42", CLOSE), 417),
]


@pytest.mark.parametrize(("what", "sent", "status"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_the_server_refuses_is_a_problem_too(served, what, sent, status):
    answer = served.raw(sent)
    top, _, body = answer.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 %d " % status), (what, answer)
    assert b"application/problem+json" in top
    assert json.loads(body)["status"] == status


def test_a_body_that_breaks_off_leaves_no_error(served):
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(head("/api/size", "Content-Length: 500") + b"x" * 100)
    served.raw(head("/healthz", CLOSE, method="GET"))
    assert not [line for line in served.lines() if line["level"] == "error"]


def test_a_slow_body_holds_nobody_up(served):
    with socket.create_connection(("127.0.0.1", served.port)) as slow:
        slow.sendall(head("/api/size", "Content-Length: 10", CLOSE) + b"x")
        started = time.monotonic()
        assert requests.post(served.url("/api/size"), data=b"abc", timeout=5).text == "3"
        assert time.monotonic() - started < 2
        slow.sendall(b"x" * 9)
        assert slow.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_who_stops_sending_is_let_go(tmp_path):
    served = Served(tmp_path, still=0.5)
    try:
        for start in (head("/api/size", "Content-Length: 10"), head("/api/size", CHUNKED) + b"5\r\n"):
            assert served.raw(start + b"x").startswith(b"HTTP/1.1 408 ")
    finally:
        served.process.stop()


def test_requests_wait_side_by_side(served):
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        rested = list(pool.map(lambda _: requests.get(served.url("/api/sleep"), timeout=10).text, range(8)))
    assert rested == ["rested"] * 8 and time.monotonic() - started < 4


@pytest.mark.postgres
def test_the_database_driver_waits_side_by_side(tmp_path, postgres_database):
    served = Served(tmp_path, database=postgres_database())
    try:
        started = time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            asked = list(pool.map(lambda _: requests.get(served.url("/api/query"), timeout=20).text, range(10)))
        assert asked == ["asked"] * 10 and time.monotonic() - started < 4
    finally:
        served.process.stop()


def test_nothing_said_from_outside_about_the_address_is_taken_or_logged(served):
    headers = {"X-Forwarded-For": "198.51.100.77", "X-Forwarded-Proto": "https", "Forwarded": "for=198.51.100.78"}
    requests.get(served.url("/console?canary=query"), headers={**headers, "User-Agent": "canary-agent"}, timeout=5)
    served.raw(head("/" + "canary" * 900, method="GET"))
    log = served.log.read_text()
    assert '"route":"/console/"' in log or '"route":"-"' in log
    assert not re.search(r"198\.51|127\.0\.0\.1|canary", log)


def test_the_server_leaves_nothing_in_the_home_folder(served):
    assert not list(served.home.iterdir())


@pytest.fixture
def two_workers(tmp_path):
    served = Served(tmp_path, workers=2)
    yield served
    served.process.stop()


def ask_both_workers(served):
    """How many requests it took until both had answered one; which of them does, the kernel decides."""
    asked, pids, deadline = 0, set(), time.monotonic() + 30
    with ThreadPoolExecutor(8) as pool:
        while len(pids) < 2 and time.monotonic() < deadline:
            told = pool.map(lambda _: requests.get(served.url("/api/pid"), timeout=5).text, range(16))
            pids |= set(told)
            asked += 16
    assert len(pids) == 2
    return asked


def test_two_workers_count_together_and_stop_within_their_grace(two_workers, tmp_path):
    served = two_workers
    asked = ask_both_workers(served)
    metrics = requests.get(served.url("/metrics"), timeout=5).text
    [count] = re.findall(r'^commonground_http_requests_total\{.*route="/api/pid".*\} (\S+)$', metrics, re.M)
    assert float(count) == asked
    assert list(tmp_path.glob("commonground-metrics-*"))
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(requests.get, served.url("/api/sleep"), timeout=10)
        time.sleep(0.3)
        started = time.monotonic()
        served.process.stop(signal.SIGTERM)
        assert time.monotonic() - started < 10
        assert working.result().text == "rested"
    assert served.process._process.returncode == 0
    assert not list(tmp_path.glob("commonground-metrics-*"))


def python(code):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_serving_unprepared_is_refused():
    code, said = python("from shared.web.serve import serve; serve(None, None)")
    assert code == 1 and "NotCooperative" in said


@pytest.mark.parametrize("early", ["psycopg", "sqlalchemy", "prometheus_client"])
def test_preparing_too_late_is_refused(early):
    code, said = python(f"import {early}; from shared.web import cooperative; cooperative.prepare()")
    assert code == 1 and f"before importing {early}" in said.replace("psycopg, sqlalchemy", early)


def test_preparing_twice_is_harmless():
    code, said = python("from shared.web import cooperative as c; c.prepare(); import psycopg; c.prepare()")
    assert (code, said) == (0, "")
