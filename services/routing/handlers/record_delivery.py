"""When a text or mail fared somehow, note it beside the words it carried."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update

from services.routing.models import messages
from shared.events import Event
from shared.outbox import Transaction


def record_delivery(tx: Transaction, events: Sequence[Event]) -> None:
    """Handler of delivery.changed. What carried no words of ours (an acknowledgement) touches nothing."""
    for event in events:
        tx.conn.execute(
            update(messages)
            .where(messages.c.id == UUID(event.data["cause_id"]), messages.c.case_id == event.subject)
            .values(delivery=event.data["status"], failure=event.data["failure"], channel=event.data["channel"])
        )
