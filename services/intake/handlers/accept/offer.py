"""What one concern brings to a shared commit, prepared before any lock is taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.domain.concern import Concern
from services.intake.handlers.accept.keys import Key
from shared.context import current
from shared.events import Event, checking
from shared.events.catalogue import EVENT_TYPES
from shared.events.sealed import sealed_fields
from shared.ids import new_id
from shared.outbox.transaction import outbox_row
from shared.sealing import ItemKey

RECEIVED = EVENT_TYPES["feedback.received"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to somebody who told us something; the receipt is its sixteen digits."""

    id: UUID
    receipt: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """The rows of one concern, and the answer once they are on disk."""

    accepted: Accepted
    key: Key | None
    answer: bytes
    submission: dict[str, Any]
    audit: dict[str, Any]
    event: dict[str, Any]


def told(concern: Concern) -> dict[str, Any]:
    """What may be known of a concern without its key: the row and the event say the same."""
    return {
        "kind": concern.kind,
        "category": concern.category,
        "language": concern.language,
        "channel": concern.channel,
        "district": concern.district,
        "about": concern.about,
        "anonymous": concern.anonymous,
        "preferred_partner": concern.preferred_partner,
        "partner": concern.partner,
        "names_person": concern.names_person,
        "show_publicly": concern.show_publicly,
        "contact_by": concern.contact_by,
        "quarantine": concern.quarantine,
    }


def submission_row(concern: Concern, now: datetime, item_key: ItemKey, sealed: bytes) -> dict[str, Any]:
    """A concern as a row, without what identifies it."""
    return told(concern) | {
        "key": item_key.wrapped,
        "sealed": sealed,
        "sequence": 1,
        "received_at": now,
        "active_at": now,
    }


def received_data(concern: Concern, now: datetime, item_key: ItemKey, sealed: bytes) -> dict[str, Any]:
    """The data of feedback.received."""
    return told(concern) | {"received_at": now.isoformat(), **sealed_fields(item_key, sealed)}


def received_event(item_id: UUID, source: str, now: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The outbox row of the item's first event. Raises EventTooLarge."""
    context = current()
    event = Event(
        id=new_id(),
        source=source,
        type=RECEIVED.type,
        subject=item_id,
        sequence=1,
        time=now,
        data=data,
        correlationid=context.correlationid,
        causationid=context.causationid,
        traceparent=context.traceparent,
    )
    if checking.is_on():
        checking.check(event)
    return outbox_row(event, RECEIVED.topic)
