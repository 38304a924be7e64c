"""Calls the owner of the account: status callbacks, and texts that come in from phones."""

import logging
import threading
import time

import requests

from commonground.demo.provider.account import Account
from commonground.demo.provider.keywords import answer_of_carrier
from commonground.demo.provider.ledger import CARRIER, IN, Ledger, Text, new_sid, now

STEPS = ("queued", "sent")
STEP_S = 0.15
TRIES = 4
TIMEOUT_S = 15
SMS_PATH = "/webhooks/twilio/sms"
log = logging.getLogger(__name__)


class Webhooks:
    """Status callbacks wait in the ledger and are sent by a thread; without `run` nobody is called back."""

    def __init__(self, account: Account, ledger: Ledger) -> None:
        self._account = account
        self._ledger = ledger
        self._stop = threading.Event()

    def report(self, text: Text) -> None:
        """Plan the callbacks of a text that was accepted."""
        if not text.callback:
            return
        ending, code = self._ledger.ends_as(text.recipient)
        steps = [(status, None) for status in STEPS] + [(ending, code)]
        rows = [(text.sid, *step, time.time() + STEP_S * place) for place, step in enumerate(steps)]
        with self._ledger.open() as db:
            db.executemany("INSERT INTO callbacks (sid, status, error_code, due) VALUES (?, ?, ?, ?)", rows)

    def start(self) -> None:
        """Send callbacks from a thread of this process."""
        threading.Thread(target=self.run, name="status-callbacks", daemon=True).start()

    def stop(self) -> None:
        """Send no more."""
        self._stop.set()

    def run(self) -> None:
        """Send what is due until `stop`."""
        while not self._stop.is_set():
            if not self.send_due():
                self._stop.wait(0.05)

    def send_due(self) -> int:
        """Send the callbacks that are due now; how many."""
        with self._ledger.open() as db:
            # Whoever claims a row sends it; a minute later it is anybody's again.
            claimed = db.execute(
                "UPDATE callbacks SET due = due + 60 WHERE id IN (SELECT id FROM callbacks"
                " WHERE answer IS NULL AND due <= ? ORDER BY due, id LIMIT 20) RETURNING id",
                (time.time(),),
            ).fetchall()
            rows = [
                db.execute(
                    "SELECT c.id, c.status, c.error_code, c.tries, t.sender, t.recipient, t.callback, t.sid"
                    " FROM callbacks c JOIN texts t ON t.sid = c.sid WHERE c.id = ?",
                    (row["id"],),
                ).fetchone()
                for row in claimed
            ]
        for row in sorted(rows, key=lambda row: int(row["id"])):
            self._call_back(row["id"], row["tries"], dict(row))
        return len(rows)

    def _call_back(self, callback_id: int, tries: int, row: dict[str, str]) -> None:
        form = {
            "MessageSid": row["sid"],
            "SmsSid": row["sid"],
            "MessageStatus": row["status"],
            "SmsStatus": row["status"],
            "AccountSid": self._account.sid,
            "From": row["sender"],
            "To": row["recipient"],
            "ApiVersion": "2010-04-01",
            **({"ErrorCode": str(row["error_code"])} if row["error_code"] else {}),
        }
        answer = self.post(row["callback"], form)
        again = (answer is None or answer >= 500) and tries + 1 < TRIES
        with self._ledger.open() as db:
            db.execute(
                "UPDATE callbacks SET tries = tries + 1, answer = ?, due = ? WHERE id = ?",
                (None if again else answer or 0, time.time() + 0.5 * 2**tries, callback_id),
            )
            db.execute(
                "UPDATE texts SET status = ?, error_code = ? WHERE sid = ?",
                (row["status"], row["error_code"], row["sid"]),
            )

    def post(self, url: str, form: dict[str, str]) -> int | None:
        """POST a signed form; the status of the answer, None without one."""
        headers = {"X-Twilio-Signature": self._account.signature(url, form)}
        try:
            return requests.post(
                self._account.reached_at(url), data=form, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
            ).status_code
        except requests.RequestException as error:
            log.info("Nobody answers a webhook", extra={"reason": type(error).__name__})
            return None

    def text_in(self, sender: str, body: str) -> int | None:
        """A text from a phone: tell the owner, answer keywords as the carrier does. The answer's status."""
        text = self._note(IN, sender, self._account.number, body)
        form = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "AccountSid": self._account.sid,
            "From": sender,
            "To": self._account.number,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "FromCountry": "US",
            "ApiVersion": "2010-04-01",
        }
        answer = self.post(self._account.public_url + SMS_PATH, form)
        keyword = answer_of_carrier(body)
        if keyword is not None:
            if keyword.out is not None:
                self._ledger.opt_out(sender, out=keyword.out)
            self._note(CARRIER, self._account.number, sender, keyword.words)
        return answer

    def _note(self, direction: str, sender: str, recipient: str, body: str) -> Text:
        text = Text(
            sid=new_sid(),
            direction=direction,
            sender=sender,
            recipient=recipient,
            body=body,
            status="received",
            error_code=None,
            callback="",
            at=now(),
        )
        return self._ledger.write_down(text)
