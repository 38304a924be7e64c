"""The fault proxy breaks connections the way it says."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.servers.processes import wait_until
from tests.servers.proxy import FaultProxy


@pytest.fixture
def echo_port() -> Iterator[int]:
    """A server that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(65536):
                    connection.sendall(data)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def proxy(echo_port: int) -> Iterator[FaultProxy]:
    with FaultProxy(echo_port) as made:
        yield made


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[socket.socket]:
    with connected(proxy) as made:
        yield made


def connected(proxy: FaultProxy) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", proxy.port))
    made.settimeout(2)
    return made


def echoed(client: socket.socket, data: bytes) -> bytes:
    client.sendall(data)
    found = b""
    while len(found) < len(data):
        chunk = client.recv(65536)
        if not chunk:
            break
        found += chunk
    return found


def test_without_faults_everything_passes(client: socket.socket) -> None:
    data = bytes(range(256)) * 8000
    writer = threading.Thread(target=client.sendall, args=(data,))
    writer.start()
    found = b""
    while len(found) < len(data):
        found += client.recv(65536)
    writer.join()
    assert found == data


def test_delay_holds_bytes_back_both_ways(proxy: FaultProxy, client: socket.socket) -> None:
    proxy.delay(0.15)
    started = time.monotonic()
    assert echoed(client, b"x") == b"x"
    assert time.monotonic() - started >= 0.3


def test_cut_resets_what_is_open_and_whatever_comes(proxy: FaultProxy, client: socket.socket) -> None:
    assert echoed(client, b"x") == b"x"
    proxy.cut()
    assert proxy.connections == 0
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with connected(proxy) as later, pytest.raises(ConnectionResetError):
        later.recv(1)
    proxy.heal()
    with connected(proxy) as healed:
        assert echoed(healed, b"y") == b"y"


def test_half_open_keeps_the_connection_and_passes_nothing(proxy: FaultProxy, client: socket.socket) -> None:
    assert echoed(client, b"x") == b"x"
    proxy.half_open()
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        echoed(client, b"y")
    with connected(proxy) as later:
        later.settimeout(0.3)
        with pytest.raises(TimeoutError):
            echoed(later, b"z")
    proxy.heal()
    with pytest.raises(ConnectionResetError):
        client.recv(1)


def test_an_answer_is_reset_in_its_middle_once(proxy: FaultProxy, client: socket.socket) -> None:
    proxy.reset_answer_after(7)
    client.sendall(b"0123456789")
    found = b""
    with pytest.raises(ConnectionResetError):
        while chunk := client.recv(100):
            found += chunk
    assert found in (b"", b"0123456")  # a reset may overtake what was sent before it
    with connected(proxy) as later:
        assert echoed(later, b"0123456789") == b"0123456789"


def test_a_server_that_is_not_there_refuses(proxy: FaultProxy) -> None:
    with FaultProxy(1) as nowhere, connected(nowhere) as client, pytest.raises(ConnectionResetError):
        client.recv(1)


def test_closing_ends_the_listener_and_every_connection(echo_port: int) -> None:
    proxy = FaultProxy(echo_port)
    with connected(proxy) as client:
        assert echoed(client, b"x") == b"x"
        proxy.close()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        connected(proxy)
    wait_until(lambda: not any(t.name.startswith("fault-proxy") for t in threading.enumerate()), 2, "its threads")
