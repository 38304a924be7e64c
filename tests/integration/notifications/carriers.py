"""The fake provider, served in a thread of the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from commonground.demo.provider import Account, Ledger, Provider, Webhooks
from services.notifications.sender.twilio import Twilio
from tests.integration.notifications.stage import NUMBER, PUBLIC_URL, SID, TOKEN


class Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        pass


@dataclass
class Carrier:
    """The fake provider, served in a thread of the test."""

    ledger: Ledger
    webhooks: Webhooks
    base: str

    def twilio(self) -> Twilio:
        return Twilio(SID, TOKEN, NUMBER, self.base, PUBLIC_URL)


@contextmanager
def carrier(folder: Path, *, obeys_opt_outs: bool = False) -> Iterator[Carrier]:
    account = Account(SID, TOKEN, NUMBER, PUBLIC_URL)
    ledger = Ledger(folder / "ledger.sqlite3")
    webhooks = Webhooks(account, ledger)
    provider = Provider(account, ledger, webhooks, obeys_opt_outs=obeys_opt_outs)
    server = make_server("127.0.0.1", 0, provider, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Carrier(ledger, webhooks, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()
