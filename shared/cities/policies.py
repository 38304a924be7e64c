"""Response policies: what is promised to whom, in whose hours, and the document that pins it to a case."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import orjson

from shared.hours import Calendar

FIRST_RESPONSE = "first_response"
#: What a policy may promise, each in hours that its calendar is open.
SPANS = (FIRST_RESPONSE, "next_response", "resolution", "acceptance")
#: What a policy may ask for, and what of a concern it looks at.
CONDITIONS = {
    "categories": "category", "kinds": "kind", "districts": "district",
    "languages": "language", "channels": "channel",
}  # fmt: skip
#: What of a concern decides which policy holds.
FACTS = tuple(CONDITIONS.values())
#: Who may hear of a broken promise.
TELLS = ("owner", "supervisor", "queue", "oversight")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Promises for the concerns that meet every condition; a condition that is absent holds for all.

    `ladder` says who hears of a broken promise, and how much open time after it was broken.
    """

    code: str
    version: int
    priority: int
    spans: Mapping[str, timedelta]
    calendar: Calendar
    warning: float
    ladder: tuple[tuple[timedelta, str], ...]
    conditions: Mapping[str, frozenset[str]]

    @property
    def first_response(self) -> timedelta:
        """How much open time until a person answers."""
        return self.spans[FIRST_RESPONSE]

    def answer_by(self, received_at: datetime) -> datetime:
        """Until when a person answers what was received then: the one moment every service promises."""
        return self.calendar.after(received_at, self.first_response)

    def fits(self, facts: Mapping[str, str | None]) -> bool:
        """Whether the concern meets every condition; what is not known of it meets none."""
        return all(facts.get(CONDITIONS[name]) in allowed for name, allowed in self.conditions.items())

    def meets(self, other: "Policy") -> bool:
        """Whether some concern could meet the conditions of both."""
        both = self.conditions.keys() & other.conditions.keys()
        return all(self.conditions[name] & other.conditions[name] for name in both)

    def as_data(self) -> dict[str, Any]:
        """Everything a clock needs to be worked out anew years later, single holidays included."""
        return {
            "code": self.code,
            "version": self.version,
            "spans_s": {name: span.total_seconds() for name, span in sorted(self.spans.items())},
            "zone": self.calendar.zone,
            "opening_hours": self.calendar.opening_hours,
            "warning": self.warning,
            "ladder": [[after.total_seconds(), tell] for after, tell in self.ladder],
        }

    @cached_property
    def digest(self) -> str:
        """What pins these promises: it changes with every word of them."""
        document = orjson.dumps(self.as_data(), option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(document).hexdigest()[:32]
