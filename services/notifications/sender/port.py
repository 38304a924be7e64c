"""A provider as the sender sees it; Twilio, SMTP and a folder of mails stand behind it."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from services.notifications.domain.outcome import Outcome

#: A call gets 10 s in all. It must begin soon after the claim, so that at the attempt's deadline nothing
#: can still be handed over, whatever happened to the process in between.
CALL_S = 10.0
START_WITHIN_S = 5.0
ATTEMPT_DEADLINE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a provider gets it. `attempt_id` is our reference for this one hand-over."""

    attempt_id: UUID
    message_id: UUID
    to: str
    text: str
    subject: str = ""


class TooLate(Exception):
    """The time to begin a hand-over has passed; nothing was sent."""


class Unwritable(Exception):
    """The message cannot be written the way its channel wants it; nothing was sent, and no other try helps."""


@dataclass(frozen=True, slots=True)
class CallTime:
    """The time a call has, by the monotonic clock."""

    begin_by: float
    end_by: float

    @classmethod
    def starting(cls, now: float | None = None) -> "CallTime":
        """From the claim on."""
        start = time.monotonic() if now is None else now
        return cls(start + START_WITHIN_S, start + CALL_S)

    def check_start(self) -> None:
        """Call right before the first byte that could make the provider act. Raises TooLate."""
        if time.monotonic() > self.begin_by:
            raise TooLate(TooLate.__doc__)

    def left(self) -> float:
        """Seconds until the call must have ended, never zero or less."""
        return max(self.end_by - time.monotonic(), 0.001)


class Provider(Protocol):
    """Takes messages of one channel (sms or email)."""

    @property
    def name(self) -> str:
        """What metrics, breakers and rows call it."""

    def send(self, outgoing: Outgoing, call: CallTime) -> Outcome:
        """Hand over once and say what is known. Raises TooLate, Unwritable before anything was sent."""
