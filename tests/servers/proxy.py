"""A TCP proxy that breaks connections on purpose: delay, cut, silence, a reset in the middle of an answer."""

import select
import socket
import struct
import threading
import time

CHUNK = 64 * 1024
#: SO_LINGER with no time to linger: closing sends RST instead of FIN.
ABORT = struct.pack("ii", 1, 0)
LOOK_EVERY_S = 0.02


class FaultProxy:
    """Stands on a loopback port of its own, in front of 127.0.0.1:target; a context manager.

    Faults hold for all connections, old and new, until heal(). The target may be set after the start, so
    that a server can be told the proxy's port first.
    """

    def __init__(self, target: int | None = None) -> None:
        self.target = target
        self.delay_s = 0.0
        self.silent = False
        self.answer_left: int | None = None
        self._refusing = False
        self._links: set[_Link] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="fault-proxy", daemon=True).start()

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connections(self) -> int:
        """How many are open through it."""
        return len(self._links)

    def delay(self, seconds: float) -> None:
        """Hold every chunk back this long."""
        self.delay_s = seconds

    def cut(self) -> None:
        """Reset what is open, and whatever comes."""
        self._refusing = True
        self._reset_all()

    def half_open(self) -> None:
        """Connections stand and new ones are taken, but nothing passes any more."""
        self.silent = True

    def reset_answer_after(self, count: int) -> None:
        """Let `count` more bytes of answers pass, then reset in the middle of one; once."""
        self.answer_left = count

    def heal(self) -> None:
        """No faults any more. What stood silent is reset, for what it swallowed is lost."""
        if self.silent:
            self._reset_all()
        self._refusing, self.silent, self.delay_s, self.answer_left = False, False, 0.0, None

    def close(self) -> None:
        """End the proxy and every connection through it."""
        self._refusing = True
        # Closing alone would leave the thread waiting in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._reset_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self._refusing or self.target is None:
                    raise ConnectionRefusedError
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                _reset(client)
                continue
            link = _Link(self, client, server)
            self._links.add(link)
            threading.Thread(target=self._run, args=(link,), name="fault-proxy-link", daemon=True).start()

    def _run(self, link: "_Link") -> None:
        try:
            link.run()
        finally:
            self._links.discard(link)

    def _reset_all(self) -> None:
        for link in list(self._links):
            link.doomed = True
        deadline = time.monotonic() + 2.0
        while self._links and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S / 2)


class _Link:
    """One connection. Its thread alone touches its sockets; `doomed` asks it for a reset."""

    def __init__(self, proxy: FaultProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self.doomed = False
        client.setblocking(False)
        server.setblocking(False)

    def run(self) -> None:
        """Carry bytes both ways until a side closes or a fault ends it."""
        pair = (self._client, self._server)
        try:
            while not self.doomed:
                for source in select.select(pair, [], [], LOOK_EVERY_S)[0]:
                    data = source.recv(CHUNK)
                    if not data:
                        return
                    self._pass_on(data, answers=source is self._server)
        except OSError:
            self.doomed = True
        finally:
            for end in pair:
                _reset(end) if self.doomed else end.close()

    def _pass_on(self, data: bytes, *, answers: bool) -> None:
        """Send one chunk through the faults."""
        proxy = self._proxy
        time.sleep(proxy.delay_s)
        if proxy.silent:
            return
        left = proxy.answer_left
        if answers and left is not None:
            data, rest = data[:left], data[left:]
            proxy.answer_left = None if rest else left - len(data)
            self.doomed = self.doomed or bool(rest)
        self._send(self._client if answers else self._server, data)

    def _send(self, sink: socket.socket, data: bytes) -> None:
        while data:
            if select.select([], [sink], [], LOOK_EVERY_S)[1]:
                data = data[sink.send(data) :]
            elif self.doomed:
                return


def _reset(end: socket.socket) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    end.close()
