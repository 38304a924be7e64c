"""Obeys STOP, START and "leave me alone", under the same lock of the number that sending takes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, select

from services.notifications.domain import delivery
from services.notifications.domain.consent import ALLOWED, ENDING, STOPPED, ends_texts, status_after
from services.notifications.domain.failures import CONSENT_HOLD, OPTED_OUT
from services.notifications.handlers.office import Office
from services.notifications.models import Number, attempts, bar, change, lock_number, messages, set_status
from shared.events import Event
from shared.inbox import NotYet
from shared.outbox import Transaction


def obey(office: Office, tx: Transaction, events: Sequence[Event]) -> None:
    """Change what the numbers allow, in the order their owners said it.

    A text that is being handed over at this moment is waited for, by coming back: once this commits,
    nothing goes to a number that said STOP. Until then no other text to it is begun. Raises NotYet for
    everything those owners said, so that an earlier START does not open what a later STOP closes.
    """
    # One order for everybody, so that two workers do not lock crosswise.
    numbers = {number: lock_number(tx.conn, number, tx.now) for number in sorted({*map(_number_of, events)})}
    ending = {_number_of(event) for event in events if event.data["action"] in ENDING}
    busy = {number: numbers[number] for number in sorted(ending) if _under_way(tx.conn, number, tx.now)}
    if busy:
        waiting = [event for event in events if _number_of(event) in busy]
        raise NotYet("a text to this number is being handed over", waiting, meanwhile=partial(_bar, busy))
    for event in events:
        _obey(office, tx, event)


def heed_provider(tx: Transaction, attempt_id: UUID) -> None:
    """The provider knows of a STOP that we did not know when this attempt began. The caller holds the number."""
    wanted = select(attempts.c.recipient, attempts.c.started_at).where(attempts.c.id == attempt_id)
    number, begun_at = tx.conn.execute(wanted).one()
    known = lock_number(tx.conn, number, tx.now)
    if ends_texts(known.status, known.since, begun_at):
        set_status(tx.conn, number, STOPPED, "provider", tx.now)
        _move_held(tx, number, delivery.SUPPRESSED)


def _bar(numbers: Mapping[bytes, Number], tx: Transaction) -> None:
    for number, seen in numbers.items():
        bar(tx.conn, number, seen, tx.now)


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
