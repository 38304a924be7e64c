"""What a consumer does with each type of event."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.events import Event
from shared.events.catalogue import BY_TYPE, EVENT_TYPES, EventType
from shared.events.event import PREFIX, short_name
from shared.outbox.transaction import Transaction

Handler = Callable[[Transaction, Sequence[Event]], None]

_VERSIONED = re.compile(re.escape(PREFIX) + r"[a-z_.]+\.v\d+")
CACHED_TYPES = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """How one type is treated by one consumer."""

    name: str
    handler: Handler | None
    #: The version is one this code was written for; others wait for a newer deployment.
    readable: bool
    catalogued: bool
    #: Sequences must follow one another; where not, the last one wins.
    gapless: bool
    required: frozenset[str]
    never_null: tuple[str, ...]

    def missing(self, data: Mapping[str, Any]) -> str:
        """Fields that the type promises and the data lacks, in words; "" when all are there."""
        if self.required <= data.keys() and not any(data[name] is None for name in self.never_null):
            return ""
        absent = sorted(self.required - data.keys())
        null = [name for name in self.never_null if name in data and data[name] is None]
        return f"{self.name} lacks {', '.join(absent + null)}"


class Kinds:
    """The kinds of one consumer, from its handlers by short name."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        unknown = sorted(handlers.keys() - EVENT_TYPES.keys())
        if unknown:
            raise ValueError(f"no event is called {', '.join(unknown)}")
        self._handlers = handlers
        self._kinds = {type_: self._kind(entry) for type_, entry in BY_TYPE.items()}
        self._gapless = {entry.topic: entry.gapless for entry in BY_TYPE.values()}

    def of(self, type_: str, topic: str) -> Kind:
        """The kind of a CloudEvents type that came on a topic."""
        kind = self._kinds.get(type_)
        if kind is None:
            kind = self._stranger(type_, self._gapless.get(topic, True))
            if len(self._kinds) < CACHED_TYPES:
                self._kinds[type_] = kind
        return kind

    def _kind(self, entry: EventType) -> Kind:
        fields = entry.schema.fields
        required = frozenset(name for name, field in fields.items() if field.required)
        return Kind(
            name=entry.name,
            handler=self._handlers.get(entry.name),
            readable=True,
            catalogued=True,
            gapless=entry.gapless,
            required=required,
            never_null=tuple(sorted(name for name in required if not fields[name].allow_none)),
        )

    def _stranger(self, type_: str, gapless: bool) -> Kind:
        """A type that is not in the catalogue: skipped, unless it is another version of one we handle."""
        name = short_name(type_) if _VERSIONED.fullmatch(type_) else type_
        readable = name not in self._handlers
        return Kind(name, None, readable, False, gapless, frozenset(), ())
