"""Events that carry an item somebody was told about, wherever they are at the moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.bus import Record
from shared.events import Undecodable, from_record

CONSENT = "consent.changed"
#: Which service turns what residents say into something.
TAKEN_BY = {"feedback.received": "routing", "message.received": "routing", CONSENT: "notifications"}


@dataclass(frozen=True)
class Carried:
    """One event on its way."""

    id: UUID
    name: str
    subject: UUID
    data: Mapping[str, Any] = field(compare=False, hash=False)

    @property
    def is_item(self) -> bool:
        """Whether somebody was told about this one alone.

        A refusal in free words is counted with the case or reply that holds the words.
        """
        return self.name != CONSENT or self.data.get("cause") == "keyword"


def item_bearing(event: Carried) -> bool:
    """Whether it is of a type that reconciliation counts."""
    return event.name in TAKEN_BY


def carried_by(records: Iterable[Record]) -> list[Carried]:
    """The events in records of the bus that count; what is no event of ours carries no item we know of."""
    found = []
    for record in records:
        try:
            event = from_record(record)
        except Undecodable:
            continue
        found.append(Carried(event.id, event.name, event.subject, event.data))
    return [event for event in found if item_bearing(event)]
