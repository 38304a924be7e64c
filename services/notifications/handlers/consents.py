"""Obeys STOP, START and "leave me alone", under the same lock of the number that sending takes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from services.notifications.domain import delivery
from services.notifications.domain.consent import ALLOWED, STOPPED, status_after
from services.notifications.domain.failures import CONSENT_HOLD, OPTED_OUT
from services.notifications.handlers.office import Office
from services.notifications.models import attempts, change, lock_number, messages, set_status
from shared.events import Event
from shared.inbox import NotYet
from shared.outbox import Transaction


def obey(office: Office, tx: Transaction, events: Sequence[Event]) -> None:
    """Change what the numbers allow, in the order their owners said it.

    A text that is being handed over at this moment is waited for, by coming back: once this commits,
    nothing goes to a number that said STOP. Raises NotYet for those.
    """
    # One order for everybody, so that two workers do not lock crosswise.
    for number in sorted({_number_of(event) for event in events}):
        lock_number(tx.conn, number, tx.now)
    busy = [event for event in events if _ends_texts(event) and _under_way(tx.conn, _number_of(event), tx.now)]
    if busy:
        raise NotYet("a text to this number is being handed over", busy)
    for event in events:
        _obey(office, tx, event)


def _obey(office: Office, tx: Transaction, event: Event) -> None:
    number = _number_of(event)
    before = lock_number(tx.conn, number, tx.now).status
    after = status_after(before, event.data["action"])
    if after == before:
        return
    set_status(tx.conn, number, after, event.data["cause"], tx.now)
    if after == ALLOWED:
        _move_held(tx, number, delivery.PENDING)
        office.wake()
    elif after == STOPPED:
        _move_held(tx, number, delivery.SUPPRESSED)


def _number_of(event: Event) -> bytes:
    return bytes.fromhex(event.data["contact_hash"])


def _ends_texts(event: Event) -> bool:
    return event.data["action"] in ("stop", "hold")


def _under_way(conn: Connection, number: bytes, now: datetime) -> bool:
    """Whether a sender may still be handing something over; after the deadline nobody can."""
    busy = select(attempts.c.id).where(
        attempts.c.recipient == number, attempts.c.state == delivery.SENDING, attempts.c.deadline >= now
    )
    return conn.execute(busy.limit(1)).first() is not None


def _move_held(tx: Transaction, number: bytes, state: str) -> None:
    """What was held while a person was to decide goes on, or never goes."""
    held = select(messages.c.id).where(
        messages.c.recipient == number,
        messages.c.state == delivery.HELD,
        messages.c.failure == CONSENT_HOLD.name,
    )
    failure = OPTED_OUT if state == delivery.SUPPRESSED else None
    for message_id in tx.conn.execute(held).scalars().all():
        change(tx, message_id, state, expected=[delivery.HELD], failure=failure, next_attempt_at=tx.now)
