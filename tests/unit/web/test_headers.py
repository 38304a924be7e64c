"""Every answer tells the browser what it may do."""

import pytest

from shared.web.headers import POLICY
from tests.unit.web.sample import sample_app, settings_for


@pytest.mark.parametrize(
    "path", ["/report", "/nothing", "/api/v1/items", "/static/sample/base.css", "/healthz", "/broken"]
)
def test_headers_of_every_answer(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert headers["Cache-Control"] == ("public, max-age=300" if "static" in path else "no-store")


def test_nothing_may_come_from_elsewhere():
    assert set(POLICY.values()) <= {"'none'", "'self'", "'self' data:"}


def test_https_asks_for_https(tmp_path):
    client = sample_app(tmp_path, settings_for(tmp_path, PUBLIC_URL="https://listen.example.org")).test_client()
    assert "max-age=63072000" in client.get("/report").headers["Strict-Transport-Security"]


def test_redirects_stay_here_whatever_the_host_header_says(client):
    answer = client.get("/console", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, "/console/")


def test_an_answer_to_head_is_the_same_without_its_body(client):
    whole, head = client.get("/healthz"), client.head("/healthz")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"] == str(len(whole.data))
