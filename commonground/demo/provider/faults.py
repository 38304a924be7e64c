"""What a provider may do wrong, one call at a time."""

import os
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: refuse: a definite no with status and code. error: a 5xx. hang: no answer for `seconds`. reset: the
#: connection breaks in the middle of the answer. delay: all is well, later. garble: an answer nobody can read.
KINDS = ("refuse", "error", "hang", "reset", "delay", "garble")
HALF_AN_ANSWER = b'HTTP/1.1 201 CREATED\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"sid": "S'


@dataclass(frozen=True)
class Fault:
    """One way to fail. `accepts`: the text is taken (and in the ledger) all the same."""

    kind: str
    accepts: bool = False
    status: int = 500
    code: int | None = None
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a fault is one of {', '.join(KINDS)}")

    def wait(self) -> None:
        """Let the caller wait."""
        time.sleep(self.seconds)


def break_off(environ: Mapping[str, Any]) -> None:
    """Send half an answer, then reset the connection (RST, not FIN). Raises ConnectionResetError."""
    connection: socket.socket | None = environ.get("werkzeug.socket") or environ.get("gunicorn.socket")
    if connection is not None:
        connection.sendall(HALF_AN_ANSWER)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Closing the object would leave the connection open as long as others hold its streams.
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), connection.fileno())
    raise ConnectionResetError("broken off as told")
