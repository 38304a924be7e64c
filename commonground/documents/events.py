"""The event catalogue for people: one table a topic, one paragraph an event."""

from typing import Any

from commonground.documents.asyncapi import SUBSCRIBERS, asyncapi

INTRODUCTION = """\
# Events

Made from the schemas by `make docs`; the same catalogue for programs is [asyncapi.yaml](asyncapi.yaml).
Every event is a CloudEvent 1.0 in Kafka binary mode: attributes in `ce_…` headers, JSON as the value, the
item's id as the key. `sequence` is gapless per source and subject. `sealed` holds what is personal.
"""


def events_page() -> str:
    """docs/events.md as Markdown."""
    document = asyncapi()
    parts = [INTRODUCTION]
    for topic, channel in document["channels"].items():
        readers = ", ".join(SUBSCRIBERS[topic])
        parts.append(f"## `{topic}`\n\n{channel['description']} Read by {readers}.\n")
        parts += [_event(document, name) for name in channel["messages"]]
    return "\n".join(parts)


def _event(document: dict[str, Any], name: str) -> str:
    message = document["components"]["messages"][name]
    schema = document["components"]["schemas"][message["payload"]["$ref"].rsplit("/", 1)[1]]
    rows = "\n".join(_row(field, about) for field, about in schema["properties"].items())
    return f"### `{message['name']}`\n\n{message['summary']}\n\n| field | type | about |\n|---|---|---|\n{rows}\n"


def _row(field: str, about: dict[str, Any]) -> str:
    kind = about.get("type", "object")
    words = " or ".join(kind) if isinstance(kind, list) else kind
    if about.get("format"):
        words += f" ({about['format']})"
    values = [f"`{value}`" for value in about.get("enum", []) if value is not None]
    told = " ".join(part for part in (about.get("description", ""), ", ".join(values)) if part)
    return f"| `{field}` | {words} | {told} |"
