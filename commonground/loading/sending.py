"""Posts one row, waits when it is told to, and says what became of it."""

import email.utils
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests

from commonground.failures import Failed

TIMEOUT_S = 60.0
#: How long an address may not answer, or answer 5xx, before the load gives up; it can be resumed.
PATIENCE_S = 60.0
LONGEST_WAIT_S = 300.0
FIRST_PAUSE_S = 0.2
#: A new token is known at the front door within seconds.
TOKEN_PATIENCE_S = 15.0
GO_ON = "Run the same command again, without --again: it goes on where it stopped."
_PASSING = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class Stopped(Exception):
    """The load is being ended; what was under way is not counted."""


@dataclass(frozen=True)
class Answer:
    """Accepted, or the reason why not."""

    accepted: bool
    reason: str = ""


@dataclass
class Door:
    """The front door at one address, for several threads; each has a connection of its own."""

    url: str
    token: str
    stop: threading.Event = field(default_factory=threading.Event)
    wait_noted: Callable[[str, float], None] = lambda _why, _seconds: None
    _local: threading.local = field(default_factory=threading.local, init=False)
    _known: bool = field(default=False, init=False)

    def post(self, body: Mapping[str, Any], key: str) -> Answer:
        """Post until there is an answer that stays. Raises Failed when there will be none, Stopped."""
        patience, pause = time.monotonic() + PATIENCE_S, FIRST_PAUSE_S
        while True:
            answer = self._once(body, key)
            if isinstance(answer, Answer):
                return answer
            wait = answer.after_s if answer.after_s is not None else pause
            if answer.after_s is None and time.monotonic() + wait > patience:
                raise Failed(f"{self.url} {answer.trouble}. {GO_ON}")
            self._wait(answer.trouble, wait)
            pause = min(pause * 2, 5.0)

    def _once(self, body: Mapping[str, Any], key: str) -> "Answer | _Later":
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        try:
            # A redirect would be followed by a GET, without what was to be posted.
            answer = self._session().post(
                f"{self.url}/api/v1/feedback", json=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
            )
        except _PASSING as error:
            return _Later(f"does not answer ({type(error).__name__})")
        except requests.RequestException as error:
            raise Failed(f"{self.url} cannot be asked ({type(error).__name__}). {GO_ON}") from error
        return self._judged(answer)

    def _judged(self, answer: requests.Response) -> "Answer | _Later":
        if answer.status_code == HTTPStatus.CREATED:
            self._known = True
            return Answer(accepted=True)
        if answer.is_redirect:
            raise Failed(f"{self.url} leads to {answer.headers['Location']}: name the address there with --url.")
        if answer.status_code in BUSY:
            return _Later("is busy", after_s=_retry_after(answer))
        if answer.status_code == HTTPStatus.UNAUTHORIZED and not self._known:
            return self._unknown_token()
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _Later(f"answers {answer.status_code}")
        if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            raise Failed(f"{self.url} answers {answer.status_code}: {_reason(answer)}")
        return Answer(accepted=False, reason=_reason(answer))

    def _unknown_token(self) -> "_Later":
        if self._waited_for_token():
            raise Failed(f"{self.url} does not know this token, or it is no longer valid.")
        return _Later("does not know the token yet", after_s=0.3)

    def _waited_for_token(self) -> bool:
        began = getattr(self._local, "asked_since", None)
        if began is None:
            self._local.asked_since = time.monotonic()
            return False
        return bool(time.monotonic() - began > TOKEN_PATIENCE_S)

    def _wait(self, why: str, seconds: float) -> None:
        if seconds >= 1:
            self.wait_noted(why, seconds)
        if self.stop.wait(seconds):
            raise Stopped

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        return session


@dataclass(frozen=True)
class _Later:
    """No answer yet: why, and when to ask again if we were told."""

    trouble: str
    after_s: float | None = None


def _retry_after(answer: requests.Response) -> float | None:
    """Retry-After (RFC 9110, section 10.2.3): seconds or a date; None when it is missing or neither."""
    given = answer.headers.get("Retry-After", "")
    if given.isdigit():
        return min(float(given), LONGEST_WAIT_S)
    try:
        moment = email.utils.parsedate_to_datetime(given)
    except ValueError:
        return None
    return min(max(0.0, moment.timestamp() - time.time()), LONGEST_WAIT_S)


def _reason(answer: requests.Response) -> str:
    """What a problem document (RFC 9457) says, in a line."""
    try:
        problem = answer.json()
        faults = [f"{fault.get('pointer', '')}: {fault.get('message', '')}" for fault in problem.get("errors", [])]
        return "; ".join(faults) or str(problem.get("detail") or problem.get("title") or answer.status_code)
    except (ValueError, AttributeError):
        return f"HTTP {answer.status_code}"
