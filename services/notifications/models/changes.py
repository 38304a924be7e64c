"""Moves a message from one state to another and tells the others what residents may notice of it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.notifications.domain.delivery import ANNOUNCED
from services.notifications.domain.failures import Failure
from services.notifications.domain.wording import ACKNOWLEDGEMENT
from services.notifications.models.tables import messages, recipients
from shared.context import Context, current, working_on
from shared.outbox import Transaction, advance


def change(
    tx: Transaction,
    message_id: UUID,
    state: str,
    *,
    expected: Collection[str],
    failure: Failure | None = None,
    **columns: Any,
) -> bool:
    """Move the message on if it is in one of the expected states; whether it was.

    The state in the WHERE clause is the guard: of two who try, one finds the row already moved.
    """
    moved = tx.conn.execute(
        update(messages)
        .where(messages.c.id == message_id, messages.c.state.in_(expected))
        .values(state=state, failure=failure.name if failure else None, changed_at=tx.now, **columns)
        .returning(*messages.c)
    ).one_or_none()
    if moved is not None and state in ANNOUNCED:
        _announce(tx, moved)
    return moved is not None


def _announce(tx: Transaction, message: Any) -> None:
    # Acknowledgements are unique by case; what others know as their cause is the event.
    cause_id = message.causationid if message.template == ACKNOWLEDGEMENT else message.cause_id
    data = {
        "message_id": message.id,
        "cause_id": cause_id,
        "channel": message.channel,
        "template": message.template,
        "status": ANNOUNCED[message.state],
        "failure": message.failure,
        "at": tx.now,
    }
    sequence = advance(tx.conn, recipients, message.case_id)
    with working_on(_context_of(message)):
        tx.emit("delivery.changed", message.case_id, sequence, data)


def _context_of(message: Any) -> Context:
    return Context(
        correlationid=message.correlationid,
        causationid=message.causationid,
        traceparent=message.traceparent or current().traceparent,
    )
