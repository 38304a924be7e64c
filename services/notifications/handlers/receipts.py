"""What a carrier says became of a text: never back from a final state, and a way out of `unknown`."""

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.notifications.domain import delivery
from services.notifications.domain.failures import Failure, failure_of
from services.notifications.handlers.consents import heed_provider
from services.notifications.models import attempts, change, lock_number, messages
from shared.context import Context, working_on
from shared.outbox import Transaction

#: A hand-over that was given up, or believed to have failed, may turn out to have happened.
UNSETTLED = (delivery.PENDING, delivery.SENDING, delivery.HELD, delivery.UNKNOWN, delivery.REJECTED)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One status callback: the provider's reference, its status and error code, the attempt it names."""

    reference: str
    status: str
    code: int | None
    attempt_id: UUID | None


def note_receipt(tx: Transaction, receipt: Receipt) -> bool:
    """Bring the message in line with the receipt; False when it is about no message of ours."""
    attempt = _attempt_of(tx, receipt)
    if attempt is None:
        return False
    failure = failure_of(receipt.code) if receipt.code else None
    opted_out = failure is not None and failure.opt_out
    if opted_out:
        lock_number(tx.conn, attempt.recipient, tx.now)
    message = _locked(tx, attempt)
    if opted_out:
        heed_provider(tx, attempt.id)
    with working_on(Context(correlationid=message.correlationid)):
        if message.reference not in (None, receipt.reference):
            log.error("One message has two references", extra={"message_id": str(message.id)})
        elif delivery.moves_on(message.carrier_status, receipt.status):
            _move(tx, message, receipt, failure)
    return True


def _attempt_of(tx: Transaction, receipt: Receipt) -> Any:
    """The attempt that the callback's address names, else the last one of the message with its reference."""
    wanted = select(attempts).order_by(attempts.c.started_at.desc(), attempts.c.id.desc()).limit(1)
    if receipt.attempt_id is not None:
        return tx.conn.execute(wanted.where(attempts.c.id == receipt.attempt_id)).one_or_none()
    referred = select(messages.c.id).where(messages.c.reference == receipt.reference)
    return tx.conn.execute(wanted.where(attempts.c.message_id.in_(referred))).one_or_none()


def _locked(tx: Transaction, attempt: Any) -> Any:
    """The message as it is, and nobody moves it; number and attempt come first, as for everybody."""
    open_ = attempts.c.state.in_((delivery.SENDING, delivery.UNKNOWN))
    ended = {"state": delivery.ACCEPTED, "ended_at": tx.now}
    tx.conn.execute(update(attempts).where(attempts.c.id == attempt.id, open_).values(ended))
    wanted = select(messages).where(messages.c.id == attempt.message_id).with_for_update()
    return tx.conn.execute(wanted).one()


def _move(tx: Transaction, message: Any, receipt: Receipt, failure: Failure | None) -> None:
    state = delivery.state_after(receipt.status)
    known: dict[str, Any] = {"carrier_status": receipt.status, "reference": receipt.reference}
    if state == delivery.UNDELIVERED:
        code = str(receipt.code or receipt.status)
        expected = (*UNSETTLED, delivery.ACCEPTED)
        change(tx, message.id, state, expected=expected, failure=failure or failure_of(None), code=code, **known)
    elif state == delivery.DELIVERED:
        change(tx, message.id, state, expected=(*UNSETTLED, delivery.ACCEPTED), **known)
    elif not change(tx, message.id, state, expected=UNSETTLED, **known):
        tx.conn.execute(update(messages).where(messages.c.id == message.id).values(known))
