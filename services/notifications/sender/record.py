"""Writes down what is known after a call, and gives up on attempts nobody came back from."""

from uuid import UUID

from sqlalchemy import func, select, update

from services.notifications.domain import delivery
from services.notifications.domain.failures import NO_ANSWER
from services.notifications.domain.outcome import Accepted, NotTaken, Outcome, Unknown, provider_failed
from services.notifications.domain.retries import SCHEDULE
from services.notifications.handlers.consents import heed_provider
from services.notifications.models import attempts, change, consents, lock_number
from services.notifications.sender.breakers import note_result
from services.notifications.sender.claim import Claimed
from shared.outbox import Transaction

NOT_TAKEN = "not_taken"
RECOVER_AT_ONCE = 100


def record(tx: Transaction, claimed: Claimed, outcome: Outcome, *, called: bool = True) -> None:
    """The outcome of one attempt. `called`: the outcome counts in the provider's breaker."""
    opted_out = claimed.is_text and isinstance(outcome, NotTaken) and outcome.failure.opt_out
    noticed = claimed.notice and isinstance(outcome, Accepted)
    if opted_out or noticed:
        # Its lock comes before those of attempt and message.
        lock_number(tx.conn, claimed.message.recipient, tx.now)
    match outcome:
        case Accepted():
            _accepted(tx, claimed, outcome)
        case NotTaken():
            _not_taken(tx, claimed, outcome)
        case Unknown():
            _unknown(tx, claimed.outgoing.attempt_id, claimed.message.id)
    if opted_out:
        heed_provider(tx, claimed.outgoing.attempt_id)
    if noticed:
        _notice(tx, claimed.message.recipient)
    if called:
        note_result(tx.conn, claimed.provider.name, failed=provider_failed(outcome), now=tx.now)


def _notice(tx: Transaction, number: bytes) -> None:
    """The number was told who can see it."""
    first = func.coalesce(consents.c.noticed_at, tx.now)
    tx.conn.execute(update(consents).where(consents.c.contact_hash == number).values(noticed_at=first))


def _end(tx: Transaction, attempt_id: UUID, state: str, failure: str | None = None) -> None:
    tx.conn.execute(
        update(attempts).where(attempts.c.id == attempt_id).values(state=state, ended_at=tx.now, failure=failure)
    )


def _accepted(tx: Transaction, claimed: Claimed, outcome: Accepted) -> None:
    """Even when the attempt was given up meanwhile: its own answer is better than no knowledge."""
    _end(tx, claimed.outgoing.attempt_id, delivery.ACCEPTED)
    change(
        tx,
        claimed.message.id,
        delivery.ACCEPTED,
        expected=[delivery.SENDING, delivery.UNKNOWN],
        reference=outcome.reference,
    )


def _not_taken(tx: Transaction, claimed: Claimed, outcome: NotTaken) -> None:
    """Even when the attempt was given up meanwhile: nothing went out, and another try cannot be the second text."""
    _end(tx, claimed.outgoing.attempt_id, NOT_TAKEN, outcome.failure.name)
    wait = SCHEDULE.after(claimed.message.attempts + 1) if outcome.failure.retry else None
    change(
        tx,
        claimed.message.id,
        delivery.PENDING if wait else delivery.REJECTED,
        expected=[delivery.SENDING, delivery.UNKNOWN],
        failure=outcome.failure,
        code=outcome.code[:40] or None,
        next_attempt_at=tx.now + wait if wait else tx.now,
    )


def _unknown(tx: Transaction, attempt_id: UUID, message_id: UUID) -> None:
    _end(tx, attempt_id, delivery.UNKNOWN, NO_ANSWER.name)
    change(tx, message_id, delivery.UNKNOWN, expected=[delivery.SENDING], failure=NO_ANSWER)


def give_up_lost(tx: Transaction) -> int:
    """Attempts past their deadline: whoever made them is gone, and what became of them is unknown."""
    lost = (
        select(attempts.c.id, attempts.c.message_id)
        .where(attempts.c.state == delivery.SENDING, attempts.c.deadline < tx.now)
        .limit(RECOVER_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = tx.conn.execute(lost).all()
    for row in rows:
        _unknown(tx, row.id, row.message_id)
    return len(rows)
