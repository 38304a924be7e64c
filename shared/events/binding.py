"""Events on the wire: CloudEvents 1.0, Kafka binding in binary mode (headers `ce_…`, data as JSON).

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from shared.bus.port import Message, Record
from shared.events.event import Event

CONTENT_TYPE = b"application/json"
LAST_SEQUENCE = 2**31 - 1
#: What a column of ours holds; anything else was not written by this program.
_NAME = re.compile(r"[\x21-\x7e]{1,64}")


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
    try:
        return _event(dict(record.headers), orjson.loads(record.value or b""))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Undecodable(f"{type(error).__name__}: {error}") from error


def _event(headers: Mapping[str, bytes], data: Any) -> Event:
    # Only what an event needs is decoded: this runs for every record of a full-speed consumer.
    if not isinstance(data, dict):
        raise TypeError("the data is not a JSON object")
    if headers["ce_specversion"] != b"1.0":
        raise ValueError("specversion is not 1.0")
    identity = headers["ce_id"].decode()
    source, type_ = headers["ce_source"].decode(), headers["ce_type"].decode()
    time, sequence = datetime.fromisoformat(headers["ce_time"].decode()), int(headers["ce_sequence"])
    if not (_NAME.fullmatch(source) and _NAME.fullmatch(type_)):
        raise ValueError("source or type is no plain name")
    if time.tzinfo is None or not 1 <= sequence <= LAST_SEQUENCE:
        raise ValueError("the time has no offset, or the sequence is out of range")
    correlation, causation = headers.get("ce_correlationid"), headers.get("ce_causationid")
    traceparent = headers.get("ce_traceparent")
    return Event(
        id=UUID(identity),
        source=source,
        type=type_,
        subject=UUID(headers["ce_subject"].decode()),
        sequence=sequence,
        time=time,
        data=data,
        correlationid=correlation.decode() if correlation else identity,
        causationid=UUID(causation.decode()) if causation else None,
        traceparent=traceparent.decode() if traceparent else None,
    )
