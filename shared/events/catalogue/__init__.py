"""Every event type: who publishes it on which topic, and the schema of its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema

from shared.events.catalogue.cases import CASES
from shared.events.catalogue.feedback import FEEDBACK
from shared.events.catalogue.messages import MESSAGES
from shared.events.catalogue.people import PEOPLE
from shared.events.event import full_type


@dataclass(frozen=True)
class EventType:
    """One type of event. `gapless` streams park what comes early; in the others the last sequence wins."""

    name: str
    topic: str
    source: str
    schema: Schema
    about: str
    gapless: bool = True

    @property
    def type(self) -> str:
        """The CloudEvents type."""
        return full_type(self.name)


@dataclass(frozen=True)
class _Stream:
    topic: str
    source: str
    gapless: bool
    schemas: Mapping[str, type[Schema]]


STREAMS = (
    _Stream("commonground.feedback", "/intake", True, FEEDBACK),
    _Stream("commonground.cases", "/routing", True, CASES),
    _Stream("commonground.messages", "/notifications", True, MESSAGES),
    _Stream("commonground.people", "/routing", False, PEOPLE),
)

EVENT_TYPES: dict[str, EventType] = {
    name: EventType(
        name=name,
        topic=stream.topic,
        source=stream.source,
        # Readers ignore fields they do not know, so that writers may add some first.
        schema=schema(unknown=EXCLUDE),
        about=(schema.__doc__ or "").strip(),
        gapless=stream.gapless,
    )
    for stream in STREAMS
    for name, schema in stream.schemas.items()
}
BY_TYPE: dict[str, EventType] = {entry.type: entry for entry in EVENT_TYPES.values()}


def topics_of(names: Any) -> list[str]:
    """The topics on which the named events travel, each once."""
    return sorted({EVENT_TYPES[name].topic for name in names})
