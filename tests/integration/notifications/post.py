"""A real mail server (aiosmtpd) in a thread of the test, with or without SMTPUTF8."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers.processes import free_port


@dataclass
class PostOffice:
    """What the server took: envelopes with their content, in order."""

    url: str = ""
    taken: list[Any] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 taken"


@contextmanager
def post_office(*, international: bool) -> Iterator[PostOffice]:
    office = PostOffice()
    server = Controller(office, "127.0.0.1", free_port(), enable_SMTPUTF8=international)
    server.start()
    office.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield office
    finally:
        server.stop()
