"""An event: the CloudEvents 1.0 attributes and the data, as handlers see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

PREFIX = "org.commonground."


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact that happened to a subject (an item's id). `sequence` is gapless per (source, subject), from 1."""

    id: UUID
    source: str
    type: str
    subject: UUID
    sequence: int
    time: datetime
    data: Mapping[str, Any]
    correlationid: str
    causationid: UUID | None = None
    traceparent: str | None = None

    @property
    def name(self) -> str:
        """The type without prefix and version: `feedback.received`."""
        return short_name(self.type)


def full_type(name: str, version: int = 1) -> str:
    """`feedback.received` → `org.commonground.feedback.received.v1`."""
    return f"{PREFIX}{name}.v{version}"


def short_name(type_: str) -> str:
    """`org.commonground.feedback.received.v1` → `feedback.received`."""
    return type_.removeprefix(PREFIX).rpartition(".v")[0]
