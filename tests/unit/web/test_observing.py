"""A request is one line of log without anything of the person, and counts by route."""

import json
import logging
import re

import pytest

from shared.context import current
from shared.web.metrics import exposition
from shared.web.observing import context_for


@pytest.fixture
def lines(capsys, caplog):
    caplog.set_level(logging.INFO, logger="commonground.access")

    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]

    return read


def test_the_line_has_the_route_and_nothing_personal(client, lines):
    client.get(
        "/api/v1/broken/canary-path?state=canary-query",
        headers={
            "User-Agent": "canary-agent",
            "Referer": "https://canary-referer/",
            "X-Forwarded-For": "198.51.100.77",
        },
        environ_overrides={"REMOTE_ADDR": "198.51.100.78"},
    )
    [line] = lines()
    assert (line["event"], line["method"], line["route"], line["status"]) == (
        "request",
        "GET",
        "/api/v1/broken/<kind>",
        500,
    )
    assert line["service"] == "sample" and line["ms"] >= 0
    assert not re.search(r"canary|198\.51", json.dumps(line))


def test_unknown_paths_and_methods_are_not_repeated(client, lines):
    client.open("/canary", method="CANARY")
    [line] = lines()
    assert (line["method"], line["route"], line["status"]) == ("other", "-", 404)


def test_the_answer_names_the_line(client, lines):
    answer = client.get("/api/v1/items", headers={"X-Correlation-Id": "mine"})
    [line] = lines()
    assert answer.headers["X-Correlation-Id"] == line["correlationid"] != "mine"


def test_a_quiet_log_writes_no_lines(client, capsys):
    logging.getLogger("commonground.access").setLevel(logging.WARNING)
    client.get("/healthz")
    assert capsys.readouterr().err == ""
    logging.getLogger("commonground.access").setLevel(logging.NOTSET)


def test_the_view_sees_the_context(app, client):
    seen = []
    app.before_request_funcs.setdefault(None, []).append(lambda: seen.append(current().correlationid))
    answer = client.get("/report")
    assert seen == [answer.headers["X-Correlation-Id"]]


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_trace_goes_on_under_a_new_span():
    context = context_for(f"00-{TRACE}-00f067aa0ba902b7-01")
    assert context.traceparent.startswith(f"00-{TRACE}-") and context.traceparent.endswith("-01")
    assert "00f067aa0ba902b7" not in context.traceparent


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "nonsense",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"00-{TRACE}-00f067aa0ba902b7-01-more",
    ],
)
def test_a_wrong_trace_starts_a_new_one(given):
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", context_for(given).traceparent)
    assert TRACE not in context_for(given).traceparent


def counted(**labels):
    wanted = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    found = re.search(
        rf"^commonground_http_requests_total\{{{re.escape(wanted)}\}} (\S+)$", exposition()[0].decode(), re.M
    )
    return float(found[1]) if found else 0.0


def test_requests_are_counted_by_template_and_status(client):
    labels = {"service": "sample", "route": "/api/v1/broken/<kind>", "method": "GET", "status": "410"}
    before = counted(**labels)
    client.get("/api/v1/broken/gone")
    assert counted(**labels) == before + 1
    assert "commonground_http_request_seconds_bucket" in client.get("/metrics").text
