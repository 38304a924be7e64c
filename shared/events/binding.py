"""Events on the wire: CloudEvents 1.0, Kafka binding in binary mode (headers `ce_…`, data as JSON).

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from shared.bus.port import Message, Record
from shared.events.event import Event

CONTENT_TYPE = b"application/json"


class Undecodable(Exception):
    """The record is no event of ours: an attribute is missing or malformed, or the data is not a JSON object."""


def encode(event: Event) -> tuple[dict[str, str], bytes]:
    """The attributes as text and the data as JSON bytes."""
    attributes = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": event.source,
        "type": event.type,
        "subject": str(event.subject),
        "time": event.time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "sequence": str(event.sequence),
        "correlationid": event.correlationid,
    }
    if event.causationid is not None:
        attributes["causationid"] = str(event.causationid)
    if event.traceparent is not None:
        attributes["traceparent"] = event.traceparent
    return attributes, orjson.dumps(event.data)


def to_message(topic: str, attributes: Mapping[str, str], data: bytes) -> Message:
    """What goes on the bus; the key is the subject."""
    headers = [("content-type", CONTENT_TYPE)]
    headers += [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
    return Message(topic=topic, key=attributes["subject"].encode(), value=data, headers=tuple(headers))


def from_record(record: Record) -> Event:
    """The event in a record. Unknown attributes and fields are kept out or ignored. Raises Undecodable."""
    attributes = {name[3:]: value for name, value in record.headers if name.startswith("ce_")}
    try:
        return _event(
            {name: value.decode() for name, value in attributes.items()}, orjson.loads(record.value or b"")
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Undecodable(f"{type(error).__name__}: {error}") from error


def _event(attributes: Mapping[str, str], data: Any) -> Event:
    if not isinstance(data, dict):
        raise TypeError("the data is not a JSON object")
    if attributes["specversion"] != "1.0":
        raise ValueError("specversion is not 1.0")
    causation = attributes.get("causationid")
    return Event(
        id=UUID(attributes["id"]),
        source=attributes["source"],
        type=attributes["type"],
        subject=UUID(attributes["subject"]),
        sequence=int(attributes["sequence"]),
        time=datetime.fromisoformat(attributes["time"]),
        data=data,
        correlationid=attributes.get("correlationid", attributes["id"]),
        causationid=UUID(causation) if causation else None,
        traceparent=attributes.get("traceparent"),
    )
