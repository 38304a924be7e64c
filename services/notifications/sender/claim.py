"""Takes one message into `sending`, in one transaction that also asks whether it may go out at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from services.notifications.domain import delivery
from services.notifications.domain.consent import ON_HOLD, STOPPED, STOPPING
from services.notifications.domain.failures import (
    CONSENT_HOLD,
    NOT_CONFIGURED,
    OPTED_OUT,
    OUT_OF_DATE,
    UNREADABLE,
    Failure,
)
from services.notifications.domain.promises import said_at
from services.notifications.domain.wording import (
    ANSWERABLE,
    AUTOMATIC,
    FIRST_TEXT,
    SHORTENED,
    TEXT_LIMIT,
    WRITE_BACK,
    Wording,
    fit,
    units,
)
from services.notifications.models import BODY, CONTACT, attempts, change, lock_number, messages, recipients
from services.notifications.sender.breakers import may_call
from services.notifications.sender.port import ATTEMPT_DEADLINE, CallTime, Outgoing, Provider
from shared.ids import new_id
from shared.outbox import Transaction
from shared.sealing import CannotUnseal, Keyring

#: An acknowledgement that comes a day late says nothing any more.
AUTOMATIC_LIFE = timedelta(hours=24)
#: When a message that stays as it is has its next turn.
LOOK_AGAIN = timedelta(seconds=1)


class NotNow(Exception):
    """The provider is being left alone; the message stays as it is."""


@dataclass(frozen=True)
class Desk:
    """What a sender works with: a provider per channel, the keys, the words, where residents read on."""

    providers: Mapping[str, Provider]
    keyring: Keyring
    wording: Wording
    track_url: str


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to hand over, once. `notice`: it tells the number who can see it."""

    message: Any
    provider: Provider
    outgoing: Outgoing
    call: CallTime
    notice: bool

    @property
    def is_text(self) -> bool:
        """Whether a number's consent is involved."""
        return bool(self.message.channel == "sms")


def claim(tx: Transaction, message_id: UUID, desk: Desk) -> Claimed | None:
    """The message, moved to `sending` with a fresh attempt; None when it is not to be sent (any more).

    Locks the number, then the message, then the breaker: everybody who needs several takes them in this
    order. Raises NotNow when the provider's breaker is open: roll back.
    """
    call = CallTime.starting()
    message = _waiting(tx, message_id)
    if message is None:
        return None
    notice, obstacle = _consent(tx, message)
    obstacle = obstacle or _other_obstacle(tx, message, desk)
    outgoing = None if obstacle else _written_out(message, desk, tx.now, notice=notice)
    if obstacle or outgoing is None:
        state, failure = obstacle or (delivery.REJECTED, UNREADABLE)
        later = tx.now + LOOK_AGAIN
        change(tx, message_id, state, expected=[delivery.PENDING], failure=failure, next_attempt_at=later)
        return None
    provider = desk.providers[message.channel]
    if not _begin(tx, message, outgoing, provider):
        return None
    return Claimed(message=message, provider=provider, outgoing=outgoing, call=call, notice=notice)


def _waiting(tx: Transaction, message_id: UUID) -> Any:
    wanted = (
        select(messages, recipients.c.key, recipients.c.contact, recipients.c.language, recipients.c.texted)
        .join(recipients, recipients.c.id == messages.c.case_id)
        .where(messages.c.id == message_id, messages.c.state == delivery.PENDING)
    )
    return tx.conn.execute(wanted).one_or_none()


def _consent(tx: Transaction, message: Any) -> tuple[bool, tuple[str, Failure] | None]:
    """Whether the number must be told who sees it, and what its owner's wish makes of the message."""
    if message.channel != "sms":
        return False, None
    number = lock_number(tx.conn, message.recipient, tx.now)
    if number.status == STOPPED:
        return False, (delivery.SUPPRESSED, OPTED_OUT)
    if number.status == ON_HOLD:
        return False, (delivery.HELD, CONSENT_HOLD)
    if number.status == STOPPING:
        return False, (delivery.PENDING, CONSENT_HOLD)
    return number.noticed_at is None, None


def _other_obstacle(tx: Transaction, message: Any, desk: Desk) -> tuple[str, Failure] | None:
    if message.template in AUTOMATIC and tx.now - message.created_at > AUTOMATIC_LIFE:
        return delivery.SUPPRESSED, OUT_OF_DATE
    if message.channel not in desk.providers:
        return delivery.HELD, NOT_CONFIGURED
    return None


def _written_out(message: Any, desk: Desk, now: datetime, *, notice: bool) -> Outgoing | None:
    """The message in the plain words of this moment; None when its key was destroyed."""
    try:
        key = desk.keyring.open_key(message.key)
        sealed: Any = key.unseal(message.body, BODY)
        contact: Any = key.unseal(message.contact, CONTACT)
    except CannotUnseal:
        return None
    body = said_at(sealed, now)
    text = _as_text(body["text"], message, desk, notice=notice) if message.channel == "sms" else body["text"]
    return Outgoing(
        attempt_id=new_id(),
        message_id=message.id,
        to=contact["to"],
        text=text,
        subject=body.get("subject", ""),
    )


def _as_text(text: str, message: Any, desk: Desk, *, notice: bool) -> str:
    """As long as one text may be; what must be read stands at its end.

    Texts back continue only what came by text. Everybody else learns where they can answer.
    """
    elsewhere = message.template in ANSWERABLE and not message.texted
    endings = [part for part, needed in ((WRITE_BACK, elsewhere), (FIRST_TEXT, notice)) if needed]

    def say(part: str) -> str:
        return desk.wording.say(part, "sms", message.language, {"track": desk.track_url})

    tail = "".join(f"\n{say(part)}" for part in endings)
    return fit(text, TEXT_LIMIT - units(tail), say(SHORTENED)) + tail


def _begin(tx: Transaction, message: Any, outgoing: Outgoing, provider: Provider) -> bool:
    """Move the message and note the attempt, unless another sender was faster."""
    ours = change(
        tx,
        message.id,
        delivery.SENDING,
        expected=[delivery.PENDING],
        provider=provider.name,
        attempts=message.attempts + 1,
    )
    if not ours:
        return False
    if not may_call(tx.conn, provider.name, tx.now):
        raise NotNow(NotNow.__doc__)
    attempt = {
        "id": outgoing.attempt_id,
        "message_id": message.id,
        "recipient": message.recipient,
        "provider": provider.name,
        "state": delivery.SENDING,
        "started_at": tx.now,
        "deadline": tx.now + ATTEMPT_DEADLINE,
    }
    tx.conn.execute(insert(attempts).values(attempt))
    return True
