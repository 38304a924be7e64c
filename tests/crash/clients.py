"""Residents who insist: each concern is sent again, with the same key, until it is confirmed."""

import random
import threading
import time
from dataclasses import dataclass, field
from itertools import count

import requests
from twilio.request_validator import RequestValidator

from tests.crash.ledger import Ledger

GIVE_UP_AFTER_S = 180.0
WORDS = "The street light at the corner has been out for weeks and nobody came"


def marker(number: int) -> str:
    """What makes a concern recognisable wherever it appears."""
    return f"concern-{number:05d}-marker"


def phone(number: int) -> str:
    """A fictional number of this resident alone."""
    return f"+1215555{number:04d}" if number < 10_000 else f"+1267555{number - 10_000:04d}"


@dataclass
class Residents:
    """Several threads that share the numbers from 0 to `concerns` - 1, evens by web, odds by text."""

    intake: str
    public_url: str
    token: str
    account: str
    ledger: Ledger
    concerns: int
    per_second: float
    threads: int = 12
    _numbers: "count[int]" = field(default_factory=count)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to send."""
        self._running = [threading.Thread(target=self._send_all, daemon=True) for _ in range(self.threads)]
        for thread in self._running:
            thread.start()

    @property
    def sending(self) -> bool:
        """Whether anybody is still sending."""
        return any(thread.is_alive() for thread in self._running)

    def _send_all(self) -> None:
        pace = self.threads / self.per_second
        while True:
            with self._lock:
                number = next(self._numbers)
            if number >= self.concerns:
                return
            began = time.monotonic()
            self._insist(number)
            time.sleep(max(0.0, random.uniform(0.5, 1.5) * pace - (time.monotonic() - began)))

    def _insist(self, number: int) -> None:
        send = self._by_text if number % 2 else self._by_web
        deadline = time.monotonic() + GIVE_UP_AFTER_S
        while time.monotonic() < deadline:
            try:
                answer = send(number)
            except requests.RequestException as error:
                self.ledger.write("attempt", number=number, outcome=type(error).__name__)
            else:
                self.ledger.write("attempt", number=number, outcome=answer.status_code)
                if answer.ok:
                    self._confirmed(number, answer)
                    return
            time.sleep(random.uniform(0.05, 0.3))
        self.ledger.write("gave_up", number=number)

    def _confirmed(self, number: int, answer: requests.Response) -> None:
        told = answer.json() if number % 2 == 0 else {}
        self.ledger.write("confirmed", number=number, id=told.get("id"), receipt=told.get("receipt"))

    def _by_web(self, number: int) -> requests.Response:
        body = {
            "text": f"{WORDS}. {marker(number)}",
            "category": "safety" if number % 4 else "noise",
            "location": {"district": str(1 + number % 3)},
            "contact": {"phone": phone(number), "by": "sms"},
        }
        headers = {"Idempotency-Key": marker(number)}
        self.ledger.write("sending", number=number)
        return requests.post(f"{self.intake}/api/v1/feedback", json=body, headers=headers, timeout=10)

    def _by_text(self, number: int) -> requests.Response:
        form = {
            "MessageSid": f"SM{number:032x}",
            "AccountSid": self.account,
            "From": phone(number),
            "To": "+12155550100",
            "Body": f"{WORDS}. {marker(number)}",
            "NumMedia": "0",
        }
        path = "/webhooks/twilio/sms"
        signature = RequestValidator(self.token).compute_signature(self.public_url + path, form)
        self.ledger.write("sending", number=number)
        headers = {"X-Twilio-Signature": signature}
        return requests.post(self.intake + path, data=form, headers=headers, timeout=10)
