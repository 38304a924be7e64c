"""The front door as the demo's residents and staff use it: over HTTP, like everybody."""

import hashlib
import time
from typing import Any

import requests
from twilio.request_validator import RequestValidator

from commonground.demo.seeding.stories import Story
from shared.config import Settings

TIMEOUT_S = 10
#: How long a case may take from the front door to the console.
PATIENCE_S = 15.0


class FrontDoor:
    """One address of one installation."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = url
        self._settings = settings
        self._http = requests.Session()
        self._http.trust_env = False

    def tell(self, story: Story) -> dict[str, Any]:
        """Post a concern; its id and receipt. Said again, it is the same concern."""
        answer = self._http.post(
            f"{self._url}/api/v1/feedback",
            json=dict(story.body),
            headers={"Idempotency-Key": f"demo-{story.key}"},
            timeout=TIMEOUT_S,
        )
        answer.raise_for_status()
        return {name: answer.json()[name] for name in ("id", "receipt")}

    def text(self, story: Story) -> None:
        """Send a text, signed as the provider signs it; with the same SID it is the same text."""
        form = {
            "MessageSid": "SM" + hashlib.sha256(story.key.encode()).hexdigest()[:32],
            "AccountSid": self._settings.twilio_account_sid,
            "From": str(story.phone),
            "To": self._settings.twilio_from,
            "Body": str(story.body["text"]),
            "NumMedia": "0",
        }
        signing = RequestValidator(self._settings.twilio_auth_token[0])
        signature = signing.compute_signature(f"{self._settings.public_url}/webhooks/twilio/sms", form)
        answer = self._http.post(
            f"{self._url}/webhooks/twilio/sms",
            data=form,
            headers={"X-Twilio-Signature": signature},
            timeout=TIMEOUT_S,
        )
        answer.raise_for_status()

    def write_back(self, receipt: str, text: str) -> None:
        """The resident writes again."""
        headers = {"Authorization": f"Bearer {receipt}"}
        answer = self._http.post(
            f"{self._url}/api/v1/feedback/messages", json={"text": text}, headers=headers, timeout=TIMEOUT_S
        )
        answer.raise_for_status()

    def case(self, case_id: str, token: str) -> requests.Response:
        """The case as the token's owner sees it, waited for; its ETag guards what is written next."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self._staff("GET", f"/cases/{case_id}", token)
            if answer.status_code == requests.codes.ok or time.monotonic() > deadline:
                answer.raise_for_status()
                return answer
            time.sleep(0.1)

    def write(self, case_id: str, what: str, body: dict[str, Any], token: str) -> None:
        """A reply, a note, an assignment or a state, on the case as it stands now."""
        etag = self.case(case_id, token).headers["ETag"]
        self._staff(
            "POST", f"/cases/{case_id}/{what}", token, json=body, headers={"If-Match": etag}
        ).raise_for_status()

    def _staff(self, method: str, path: str, token: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self._http.request(
            method, f"{self._url}/api/staff/v1{path}", headers=headers, timeout=TIMEOUT_S, **more
        )
