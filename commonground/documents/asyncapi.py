"""The event catalogue as an AsyncAPI 3.0 document, made from the schemas themselves.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared.bus.topics import TOPICS
from shared.events.catalogue import EVENT_TYPES, EventType

SUBSCRIBERS = {
    "commonground.feedback": ("routing", "notifications"),
    "commonground.cases": ("intake", "notifications"),
    "commonground.messages": ("routing",),
    "commonground.people": ("intake",),
}
HEADERS = {
    "ce_specversion": ("1.0", "CloudEvents version."),
    "ce_id": (None, "UUIDv7 of the event; inboxes drop a second one."),
    "ce_source": (None, "The service that publishes."),
    "ce_type": (None, "org.commonground.<noun>.<past participle>.v<major>."),
    "ce_subject": (None, "The item's id; also the record's key."),
    "ce_time": (None, "When it happened, UTC (RFC 3339)."),
    "ce_sequence": (None, "Gapless per source and subject, from 1."),
    "ce_correlationid": (None, "The same from the first request to the last text."),
    "ce_causationid": (None, "The event that caused this one; absent at the start of a chain."),
    "ce_traceparent": (None, "W3C trace context."),
}
OPTIONAL = {"ce_causationid", "ce_traceparent"}


def asyncapi() -> dict[str, Any]:
    """The whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Common Ground events",
            "version": "1.0.0",
            "description": (
                "CloudEvents 1.0 in Kafka binary mode. Personal data travels only inside `sealed`, under the "
                "item's key, which travels wrapped in `key`. Readers ignore fields and types they do not know."
            ),
            "license": {"name": "AGPL-3.0-or-later"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic.name) for topic in TOPICS},
        "operations": _operations(),
        "components": {
            "messages": {entry.name: _message(entry) for entry in EVENT_TYPES.values()},
            "schemas": {"headers": _headers(), **_schemas()},
        },
    }


def _types_on(topic: str) -> list[EventType]:
    return [entry for entry in EVENT_TYPES.values() if entry.topic == topic]


def _channel(name: str) -> dict[str, Any]:
    topic = next(topic for topic in TOPICS if topic.name == name)
    kept = "the last event per key stays (compacted)" if topic.compacted else f"{topic.retention_days} days"
    return {
        "address": name,
        "description": f"{topic.partitions} partitions, keyed by subject; kept: {kept}.",
        "messages": {entry.name: {"$ref": f"#/components/messages/{entry.name}"} for entry in _types_on(name)},
        "bindings": {"kafka": {"topic": name, "partitions": topic.partitions, "bindingVersion": "0.5.0"}},
    }


def _operations() -> dict[str, Any]:
    operations = {}
    for topic, readers in SUBSCRIBERS.items():
        source = _types_on(topic)[0].source.strip("/")
        operations[f"{source}.sends.{topic}"] = _operation("send", topic)
        for reader in readers:
            operations[f"{reader}.receives.{topic}"] = _operation("receive", topic)
    return operations


def _operation(action: str, topic: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}}


def _message(entry: EventType) -> dict[str, Any]:
    return {
        "name": entry.type,
        "title": entry.name,
        "summary": entry.about,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {"$ref": f"#/components/schemas/{type(entry.schema).__name__}"},
    }


def _headers() -> dict[str, Any]:
    properties = {
        name: {"type": "string", "description": about} | ({"const": value} if value else {})
        for name, (value, about) in HEADERS.items()
    }
    return {"type": "object", "required": [n for n in HEADERS if n not in OPTIONAL], "properties": properties}


def _schema_name(schema: Schema | type[Schema]) -> str:
    return schema.__name__ if isinstance(schema, type) else type(schema).__name__


def _schemas() -> dict[str, Any]:
    """JSON Schemas of every event's data, by apispec from the marshmallow schemas."""
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec("events", "1", "3.1.0", plugins=[plugin])
    for entry in EVENT_TYPES.values():
        name = _schema_name(entry.schema)
        if name not in spec.components.schemas:
            spec.components.schema(name, schema=type(entry.schema))
    schemas: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    return schemas
