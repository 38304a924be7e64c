"""The provider that sends nothing, as a process beside an installation."""

import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.servers.processes import ServerProcess, answers, free_port

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "provider-test-token", "+12155550100"


class ProviderProcess:
    """Keeps every text in a ledger; calls back when told where notifications answers."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.ledger = directory / "provider.sqlite3"
        self._log = directory / "provider.log"
        self._process: ServerProcess | None = None

    @property
    def variables(self) -> Mapping[str, str]:
        """What an installation must be told to use it."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": NUMBER,
            "TWILIO_API_BASE": f"http://127.0.0.1:{self.port}",
        }

    def start(self, public_url: str, reach_url: str) -> None:
        """Start; status callbacks are signed for the public address and sent to the other."""
        module = ("-m", "commonground.demo.provider", "--port", str(self.port), "--ledger", str(self.ledger))
        account = ("--sid", ACCOUNT, "--token", TOKEN, "--number", NUMBER)
        where = ("--public-url", public_url, "--reach-url", reach_url)
        self._process = ServerProcess([sys.executable, *module, *account, *where], self._log)
        self._process.start(lambda: answers(self.port))

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.stop()

    def texts_to(self, number: str) -> list[str]:
        """The words of every text handed over for the number, in order."""
        with sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True) as db:
            query = "SELECT body FROM texts WHERE direction = 'outbound-api' AND recipient = ? ORDER BY at"
            return [body for (body,) in db.execute(query, [number])]

    def count(self) -> int:
        """How many texts there are, in and out."""
        with sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM texts").fetchone()[0])
