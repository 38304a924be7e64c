"""Texts by Twilio's REST interface: https://www.twilio.com/docs/messaging/api/message-resource"""

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from services.notifications.domain.failures import ACCOUNT, UNREACHABLE, failure_of
from services.notifications.domain.outcome import Accepted, NotTaken, Outcome, Unknown
from services.notifications.sender.http import NoAnswer, NotSent, Request, ask
from services.notifications.sender.port import CallTime, Outgoing

STATUS_PATH = "/webhooks/twilio/status"
log = logging.getLogger(__name__)


class StagedClient(HttpClient):  # type: ignore[misc]  # the package has no types
    """The official client's transport: goes to the configured address, and tells stages apart."""

    def __init__(self, base: str, call: CallTime) -> None:
        super().__init__(log, is_async=False)
        self._base = base
        self._call = call

    def request(  # noqa: PLR0917 - the official client prescribes the signature
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Nothing of the request is logged: it holds the number and the words."""
        own = {**(headers or {}), **({"Authorization": _basic(*auth)} if auth else {})}
        body = urlencode(data or {}, doseq=True).encode()
        answer = ask(Request(method, self._base + _target(uri, params), body, own), self._call)
        return Response(answer.status, answer.text)


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _target(uri: str, params: Mapping[str, object] | None) -> str:
    path = urlsplit(uri).path
    return f"{path}?{urlencode(params, doseq=True)}" if params else path


@dataclass(frozen=True)
class Twilio:
    """The account, where it answers, and where it tells what became of a text."""

    account_sid: str
    auth_token: str
    sender: str
    base: str
    public_url: str
    name: str = "twilio"

    def send(self, outgoing: Outgoing, call: CallTime) -> Outcome:
        """Hand the text over. Twilio takes no reference of ours, so the callback address carries it."""
        client = Client(self.account_sid, self.auth_token, http_client=StagedClient(self.base, call))
        try:
            taken = client.messages.create(to=outgoing.to, body=outgoing.text, **self._fields(outgoing))
        except NotSent:
            return NotTaken(UNREACHABLE)
        except NoAnswer as lost:
            return Unknown(str(lost))
        except (TwilioRestException, TwilioServiceException) as refusal:
            return _refused(refusal.status, refusal.code)
        except (ValueError, KeyError, TypeError) as garbled:
            return Unknown(f"an answer nobody can read: {type(garbled).__name__}")
        return Accepted(taken.sid) if taken.sid else Unknown("an answer without a reference")

    def _fields(self, outgoing: Outgoing) -> dict[str, Any]:
        origin = "messaging_service_sid" if self.sender.startswith("MG") else "from_"
        return {
            origin: self.sender,
            "status_callback": f"{self.public_url}{STATUS_PATH}?attempt={outgoing.attempt_id}",
        }


def _refused(status: int, code: int | None) -> Outcome:
    """4xx is a definite no; a time-out (408) or an error of theirs (5xx) is not: they may have acted."""
    if status == 408 or status >= 500:
        return Unknown(f"HTTP {status}")
    if status < 400:
        return NotTaken(ACCOUNT, code=str(status))
    return NotTaken(failure_of(code, status), code=str(code or status))
