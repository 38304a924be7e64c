"""Closes the sockets of failed connection attempts, which the client leaves to the garbage collector.

Without it an outage costs a file descriptor per attempt until a collection happens to come by; with enough
of them the process cannot open anything any more.
"""

import socket
from typing import Any

from kafka.net.inet import KafkaNetSocket

#: The client picks the class of its sockets by the scheme of its proxy address.
PROXY_URL = "direct://"


class DirectSocket(KafkaNetSocket):  # type: ignore[misc]  # the client ships no types
    """No proxy: connects straight to the broker."""

    SCHEMES = ("direct",)

    async def connect(
        self, net: Any, addrinfo: Any, socket_options: Any = (), timeout_at: float | None = None
    ) -> socket.socket:
        """Connect without blocking; the socket does not outlive a failure."""
        family, kind, protocol, _, address = addrinfo
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setblocking(False)
            for option in socket_options:
                opened.setsockopt(*option)
            await self.sock_connect(net, opened, address, timeout_at=timeout_at)
        except BaseException:
            opened.close()
            raise
        return opened
