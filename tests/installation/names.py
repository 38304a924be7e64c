"""A name server (RFC 1035) that answers every question for an address with the one it was told last."""

import contextlib
import ipaddress
import socket
import struct
import threading

from tests.servers.processes import free_port

ANSWERED = 0x8180  # a response, recursion desired and available, no error
POINTER_TO_THE_QUESTION = 0xC00C
A, IN = 1, 1
#: What Docker's name server says: far longer than a container may keep its address.
TTL_S = 600


class NameServer:
    """Answers on a loopback port until it is closed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.port = free_port()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", self.port))
        threading.Thread(target=self._answer, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._socket.close()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                asked, by = self._socket.recvfrom(512)
                self._socket.sendto(self._answered(asked), by)

    def _answered(self, asked: bytes) -> bytes:
        question = asked[12:]
        head = asked[:2] + struct.pack(">HHHHH", ANSWERED, 1, 1, 0, 0)
        record = struct.pack(">HHHIH", POINTER_TO_THE_QUESTION, A, IN, TTL_S, 4)
        return head + question + record + ipaddress.IPv4Address(self.address).packed
