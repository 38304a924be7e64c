"""Holds every emitted event against the catalogue; on in tests, off in production, where it would cost time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import orjson
from marshmallow import RAISE, Schema

from shared.events.catalogue import BY_TYPE
from shared.events.event import Event

_switch = {"on": False}


class Uncatalogued(AssertionError):
    """An emitted event does not fit the catalogue: a field is missing, wrong, or not in the schema."""


@contextmanager
def strictly() -> Iterator[None]:
    """Inside, `emit` raises Uncatalogued for events that readers could not rely on."""
    before, _switch["on"] = _switch["on"], True
    try:
        yield
    finally:
        _switch["on"] = before


def is_on() -> bool:
    """Whether events are being checked."""
    return _switch["on"]


@cache
def _strict_schema(type_: str) -> Schema:
    # Readers ignore unknown fields; a writer that adds one without declaring it is a mistake.
    return type(BY_TYPE[type_].schema)(unknown=RAISE)


def check(event: Event) -> None:
    """Raise Uncatalogued unless the event, as it travels, fits its schema and its source."""
    entry = BY_TYPE[event.type]
    if event.source != entry.source:
        raise Uncatalogued(f"{entry.name} is published by {entry.source}, not {event.source}")
    errors = _strict_schema(event.type).validate(orjson.loads(orjson.dumps(event.data)))
    if errors:
        raise Uncatalogued(f"{entry.name} does not fit its schema: {errors}")
