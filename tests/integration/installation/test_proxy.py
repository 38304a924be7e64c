"""The proxy of production, as nginx runs it: whose address arrives, what it writes down, where it sends."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from shared.setting_values import networks
from shared.web.address import SETTING, request_address
from tests.installation.names import NameServer
from tests.installation.proxy import Proxy
from tests.servers.fixtures import or_skip
from tests.servers.processes import free_port, wait_until

CONTAINERS = ("intake-web", "routing-web", "notifications-web")
#: A resident's address on this machine; every address in 127.0.0.0/8 is its own.
RESIDENT = "127.0.0.77"
CANARY = "canary-path"
LONG = 4 * 1024 * 1024
# nginx takes this more seriously (crit) than a port that is closed (error).
NO_SOCKET = "unix:/nowhere"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None: ...  # noqa: A002


def service(name: str, trusted: str = "127.0.0.1/32") -> Flask:
    """Stands in for the services: tells who it is, whose request it took, and how much was said."""
    app = Flask(__name__)
    app.config[SETTING] = networks(trusted)

    @app.get("/long")
    @app.get(f"/{CANARY}/long")
    def answer_at_length() -> Response:
        return Response(b"x" * LONG)

    @app.route("/", methods=["GET", "POST"], defaults={"path": ""})
    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> dict[str, Any]:
        return {"name": name, "address": request_address(), "bytes": len(request.get_data()), "path": path}

    return app


@contextmanager
def served(app: Flask, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Where it answers, as host:port."""
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"{host}:{server.port}"
    server.shutdown()
    server.server_close()


@contextmanager
def proxied(directory: Path, places: dict[str, str], **options: str) -> Iterator[Proxy]:
    or_skip(Proxy.required)
    proxy = Proxy(directory / "proxy", free_port(), places, **options)
    proxy.start()
    yield proxy
    proxy.stop()


def everywhere(place: str) -> dict[str, str]:
    return dict.fromkeys(CONTAINERS, place)


def ask(proxy: Proxy, method: str, path: str, *, body: bytes = b"", read_after_s: float = 0.0) -> tuple[int, int]:
    """A request from the resident's address; the status and how much came back."""
    host, port = proxy.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=15, source_address=(RESIDENT, 0))
    connection.request(method, path, body=body or None)
    time.sleep(read_after_s)
    answer = connection.getresponse()
    found = answer.status, len(answer.read())
    connection.close()
    return found


@pytest.mark.parametrize(
    ("trusted", "said", "counted"),
    [
        # A proxy for TLS on this machine, as Compose has it: it names the resident.
        ("127.0.0.0/8", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.0/8", "198.51.100.2", "198.51.100.2"),
        # What the resident wrote stands left of what the proxy for TLS saw.
        ("127.0.0.0/8", "192.0.2.9, 198.51.100.1", "198.51.100.1"),
        # Two trusted proxies, one behind the other.
        ("127.0.0.0/8,10.0.0.0/8", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.0/8", "", RESIDENT),
        # Nobody in front is trusted: what comes from there counts for nothing.
        ("127.0.0.1/32", "192.0.2.9", RESIDENT),
    ],
)
def test_each_resident_counts_by_their_own_address(tmp_path, trusted, said, counted):
    with served(service("intake", trusted)) as place, proxied(tmp_path, everywhere(place)) as proxy:
        host, port = proxy.url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=15, source_address=(RESIDENT, 0))
        connection.request("GET", "/report", headers={"X-Forwarded-For": said} if said else {})
        assert f'"address":"{counted}"' in connection.getresponse().read().decode().replace(" ", "")
        connection.close()


def test_no_address_and_no_path_is_written_down(tmp_path):
    with served(service("any")) as place, proxied(tmp_path, everywhere(place)) as proxy:
        assert ask(proxy, "POST", f"/{CANARY}", body=b"x" * 400_000)[0] == 200
        assert ask(proxy, "POST", f"/{CANARY}", body=b"x" * 600_000)[0] == 413
        assert ask(proxy, "GET", f"/{CANARY}/long", read_after_s=0.5) == (200, LONG)
    with proxied(tmp_path, everywhere(f"127.0.0.1:{free_port()}")) as proxy:
        assert ask(proxy, "GET", f"/{CANARY}")[0] == 502
    with proxied(tmp_path, everywhere(NO_SOCKET)) as proxy:
        assert ask(proxy, "POST", f"/console/{CANARY}", body=b"x")[0] == 502
    with proxied(tmp_path, {}) as proxy:  # names that nobody knows
        assert ask(proxy, "GET", f"/{CANARY}")[0] == 502
    written = proxy.log.read_text()
    assert CANARY not in written
    assert RESIDENT not in written


def test_what_is_said_and_answered_lies_in_no_file_on_the_way(tmp_path):
    with served(service("intake")) as place, proxied(tmp_path, everywhere(place)) as proxy:
        for folder in ("client_body", "proxy"):
            (tmp_path / "proxy" / folder).rmdir()  # a file could not be made any more
        assert ask(proxy, "POST", "/", body=b"x" * 500_000)[0] == 200
        assert ask(proxy, "GET", "/long", read_after_s=0.5) == (200, LONG)


def test_a_container_made_anew_is_found_at_its_new_address(tmp_path):
    port = free_port()
    names = NameServer("127.0.0.2")
    with (
        served(service("old"), "127.0.0.2", port),
        served(service("new"), "127.0.0.3", port),
        proxied(tmp_path, {"intake-web": f"intake-web:{port}"}, resolver=f"127.0.0.1:{names.port}") as proxy,
    ):
        assert requests.get(proxy.url, timeout=15).json()["name"] == "old"
        names.address = "127.0.0.3"
        wait_until(
            lambda: requests.get(proxy.url, timeout=15).json()["name"] == "new", 10, "the new address to be used"
        )
    names.close()


def test_it_starts_before_the_services_and_sends_to_them_when_they_come(tmp_path):
    port = free_port()
    with proxied(tmp_path, everywhere(f"127.0.0.1:{port}")) as proxy:
        assert requests.get(proxy.url, timeout=15).status_code == 502
        with served(service("intake"), port=port):
            assert requests.get(proxy.url, timeout=15).json()["name"] == "intake"


def test_paths_and_queries_arrive_as_they_were_sent(tmp_path):
    with served(service("routing")) as place, proxied(tmp_path, everywhere(place)) as proxy:
        answer = requests.get(f"{proxy.url}/console/cases%20old/1?q=a%2Fb", timeout=15)
        assert answer.json()["path"] == "console/cases old/1"


def test_a_missing_slash_leads_on_without_naming_the_proxys_own_address(tmp_path):
    with served(service("routing")) as place, proxied(tmp_path, everywhere(place)) as proxy:
        answer = requests.get(f"{proxy.url}/console?box=mine", timeout=15, allow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/console/?box=mine")
