"""What staff are told: the list of cases, each case's conversation; and liaisons who answer meanwhile."""

import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import requests

from tests.crash.ledger import Ledger

PATIENCE_S = 60.0


class Desk:
    """The staff API with one person's token; waits through restarts of the service."""

    def __init__(self, routing: str, token: str) -> None:
        self._base = f"{routing}/api/staff/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of a GET, asked again until it is answered."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = requests.get(self._base + path, params=parameters, headers=self._headers, timeout=10)
                if answer.ok:
                    return answer.json()
            except requests.RequestException:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(f"GET {path} was not answered within {PATIENCE_S} s")
            time.sleep(0.2)

    def cases(self) -> Iterator[dict[str, Any]]:
        """Every case the person may see."""
        cursor = None
        while True:
            page = self.get("/cases", box="all", limit=200, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def reply(self, case: dict[str, Any], text: str) -> int:
        """Answer the resident once; the status, or 0 when nobody can say what became of it."""
        headers = self._headers | {"If-Match": f'"{case["sequence"]}"'}
        url = f"{self._base}/cases/{case['id']}/replies"
        try:
            return requests.post(url, json={"text": text}, headers=headers, timeout=10).status_code
        except requests.RequestException:
            return 0


class Liaison(threading.Thread):
    """Answers a case now and then, each at most once, and writes down what was confirmed."""

    def __init__(self, desk: Desk, ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self._desk = desk
        self._ledger = ledger
        self._answered: set[str] = set()
        self.leave = threading.Event()

    def run(self) -> None:
        """Until told to leave."""
        while not self.leave.wait(0.3):
            page = self._desk.get("/cases", box="all", limit=50)
            fresh = [case for case in page["items"] if case["id"] not in self._answered and case["owner"]]
            if fresh:
                self._answer(random.choice(fresh))

    def _answer(self, case: dict[str, Any]) -> None:
        self._answered.add(case["id"])
        text = f"A lamp is ordered for you. answer-{case['id']}"
        status = self._desk.reply(case, text)
        self._ledger.write("reply", case=case["id"], text=text, status=status)
