"""The one account of the provider: its secrets, its number, and where its owner wants to be called."""

import hmac
from dataclasses import dataclass

from twilio.request_validator import RequestValidator


@dataclass(frozen=True)
class Account:
    """`public_url` is what signatures are made over; `reach_url` where the owner really listens, if elsewhere."""

    sid: str
    token: str
    number: str
    public_url: str
    reach_url: str = ""

    def admits(self, user: str | None, password: str | None) -> bool:
        """Whether these are the account's credentials."""
        sid_fits = hmac.compare_digest((user or "").encode(), self.sid.encode())
        return sid_fits and hmac.compare_digest((password or "").encode(), self.token.encode())

    def signature(self, url: str, form: dict[str, str]) -> str:
        """X-Twilio-Signature: https://www.twilio.com/docs/usage/security#validating-requests"""
        signed: str = RequestValidator(self.token).compute_signature(url, form)
        return signed

    def reached_at(self, url: str) -> str:
        """The address to connect to for a public one."""
        if self.reach_url and url.startswith(self.public_url):
            return self.reach_url + url.removeprefix(self.public_url)
        return url
