"""What decisions hear of a story: the words the rules look for, and who tells it. The words go no further."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from services.routing.domain.facts import Facts
from services.routing.domain.rules import RuleSet, keywords_in, units_in
from shared.events import Event
from shared.events.sealed import open_sealed
from shared.sealing import CannotUnseal, Keyring

TOLD = "feedback.received"


@dataclass(frozen=True, slots=True)
class Heard:
    """A story opened for a moment."""

    text: str = ""
    units: tuple[str, ...] = ()
    contact: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Heard":
        """From what was sealed."""
        named = told.get("named_people") or ()
        units = tuple(str(each["unit"]) for each in named if each.get("unit"))
        return cls(told.get("text") or "", units, told.get("contact") or {})


SILENCE = Heard()


def heard(keyring: Keyring, event: Event) -> Heard:
    """The story of an event; nothing of one whose key was destroyed."""
    try:
        return Heard.of(open_sealed(keyring, event)[1])
    except CannotUnseal:
        return SILENCE


def facts_of_event(event: Event, story: Heard, rules: RuleSet, zone: tzinfo) -> Facts:
    """What is known of a concern that has just come."""
    received = datetime.fromisoformat(event.data["received_at"])
    return facts_of(event.data, received, story, rules, zone)


def facts_of(told: Mapping[str, Any], received: datetime, story: Heard, rules: RuleSet, zone: tzinfo) -> Facts:
    """The facts, with the moment in the city's time and what the rules look for in the words."""
    return Facts.of(
        {
            **told,
            "told_at": received.astimezone(zone).isoformat(timespec="minutes"),
            "keywords": keywords_in(story.text, rules.keywords),
            "named_units": units_in(story.units, rules.units),
        }
    )
