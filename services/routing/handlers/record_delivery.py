"""When a text or mail fared somehow, note it beside the words it carried; clocks hear what did not arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.routing.domain.clocks import AND_YET_ARRIVED, NOT_ARRIVED
from services.routing.handlers.casework import Work, lock, move
from services.routing.models import messages
from services.routing.office import Office
from shared.events import Event
from shared.outbox import Transaction

#: Kinds of words that answer or ask a resident something.
TO_THE_RESIDENT = ("reply", "sentence")


@dataclass(frozen=True)
class RecordDelivery:
    """Handler of delivery.changed. What carried no words of ours (an acknowledgement) touches nothing."""

    office: Office

    def __call__(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Record each, in order per case; cases are locked in the order of their ids."""
        for event in sorted(events, key=lambda event: (event.subject, event.sequence)):
            message = _carried(tx, event)
            if message is None:
                continue
            if _turned(message, event.data["status"]):
                self._tell(tx, event, message)
            tx.conn.execute(update(messages).where(messages.c.id == message.id).values(_fared(event)))

    def _tell(self, tx: Transaction, event: Event, message: Any) -> None:
        work = lock(tx, self.office, event.subject)
        assert work is not None
        work.step(
            "delivery.recorded",
            {
                "said_at": message.sequence,
                "message_id": event.data["cause_id"],
                **{name: event.data[name] for name in ("channel", "status", "failure")},
                "at": work.now.isoformat(),
            },
        )
        if event.data["status"] in NOT_ARRIVED and _waits_on(work, message):
            move(work, "in_progress", reason="not_delivered")
        work.save()


def _carried(tx: Transaction, event: Event) -> Any:
    """The words of the case that the message carried."""
    wanted = select(messages.c.id, messages.c.kind, messages.c.sequence, messages.c.delivery).where(
        messages.c.id == UUID(event.data["cause_id"]), messages.c.case_id == event.subject
    )
    return tx.conn.execute(wanted).one_or_none()


def _turned(message: Any, status: str) -> bool:
    """Whether it changes what the resident was told: what seemed said was not, or was after all."""
    if message.kind not in TO_THE_RESIDENT:
        return False
    if message.delivery in NOT_ARRIVED:
        return status in AND_YET_ARRIVED
    return status in NOT_ARRIVED


def _waits_on(work: Work, message: Any) -> bool:
    """Whether the case waits for an answer to these words; nobody can answer what did not arrive."""
    if work.case["state"] != "waiting_on_resident" or message.kind != "reply":
        return False
    c = messages.c
    later = select(c.id).where(c.case_id == work.case["id"], c.kind == "reply", c.sequence > message.sequence)
    return work.tx.conn.execute(later.limit(1)).first() is None


def _fared(event: Event) -> dict[str, Any]:
    data = event.data
    return {"delivery": data["status"], "failure": data["failure"], "channel": data["channel"]}
