"""What a resident and a liaison do with an installation, all of it through the proxy."""

from collections.abc import Callable
from typing import Any

import requests
from twilio.request_validator import RequestValidator

from tests.installation.installation import Installation
from tests.installation.provider import ACCOUNT, NUMBER, TOKEN, ProviderProcess
from tests.servers.processes import wait_until

SOON_S = 30.0
Answer = dict[str, Any]


class Journey:
    """What a resident and a liaison do, all of it through the proxy."""

    def __init__(self, installation: Installation, provider: ProviderProcess, token: str) -> None:
        self.installation = installation
        self.provider = provider
        self.base = installation.url
        self.staff = {"Authorization": f"Bearer {token}"}

    def tells(self, **body: Any) -> tuple[str, dict[str, str]]:
        """Tell us something; the case id, and the header that carries the receipt."""
        answer = requests.post(f"{self.base}/api/v1/feedback", json=body, timeout=15)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return told["id"], {"Authorization": f"Bearer {told['receipt']}"}

    def texts(self, sid: str, sender: str, body: str) -> None:
        """Send a text, signed as the provider does."""
        form = {
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": sender,
            "To": NUMBER,
            "Body": body,
            "NumMedia": "0",
        }
        url = f"{self.base}/webhooks/twilio/sms"
        headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)}
        answer = requests.post(url, data=form, headers=headers, timeout=15)
        assert answer.status_code == 200, answer.text

    def status(self, receipt: dict[str, str]) -> Answer:
        """What the resident sees."""
        answer = requests.get(f"{self.base}/api/v1/feedback/status", headers=receipt, timeout=15)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def writes(self, receipt: dict[str, str], text: str) -> None:
        """Write back."""
        url = f"{self.base}/api/v1/feedback/messages"
        assert requests.post(url, json={"text": text}, headers=receipt, timeout=15).status_code == 201

    def case(self, case_id: str) -> Answer:
        """What oversight sees of a case; empty when there is none."""
        answer = requests.get(f"{self.base}/api/staff/v1/cases/{case_id}", headers=self.staff, timeout=15)
        return dict(answer.json()) if answer.ok else {}

    def cases(self) -> list[Answer]:
        """The first page of all cases."""
        url = f"{self.base}/api/staff/v1/cases"
        answer = requests.get(url, params={"box": "all", "limit": "200"}, headers=self.staff, timeout=15)
        return list(answer.json()["items"])

    def does(self, case_id: str, what: str, **body: Any) -> None:
        """A command on the newest state of the case."""
        headers = self.staff | {"If-Match": f'"{self.case(case_id)["sequence"]}"'}
        url = f"{self.base}/api/staff/v1/cases/{case_id}/{what}"
        answer = requests.post(url, json=body, headers=headers, timeout=15)
        assert answer.ok, answer.text


def soon(condition: Callable[[], object], what: str) -> None:
    """Wait until it is so."""
    wait_until(lambda: bool(condition()), SOON_S, what)


def says(status: Answer) -> list[tuple[str, str]]:
    """Who said what, as the resident reads it."""
    return [(message["from"], message["text"]) for message in status["messages"]]
