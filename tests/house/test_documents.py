"""The generated documents say what the code does today."""

import re
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from commonground.documents.__main__ import GENERATED, stale
from commonground.documents.asyncapi import SUBSCRIBERS, asyncapi
from commonground.documents.http import openapi
from shared.bus.topics import TOPICS
from shared.config import describe
from shared.events.catalogue import EVENT_TYPES

DOCS = Path(__file__).parents[2] / "docs"
SERVICES = ("intake", "routing", "notifications")


def test_nothing_generated_is_out_of_date():
    assert stale() == [], "run make docs"
    assert all((DOCS / name).exists() for name in GENERATED)


@pytest.mark.parametrize("service", ["intake", "routing"])
def test_openapi_is_valid_3_1(service):
    document = openapi(service)
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_reference_in_asyncapi_leads_somewhere():
    document = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())

    def references(node):
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else [])
            node = list(node.values())
        if isinstance(node, list):
            for part in node:
                yield from references(part)

    found = set(references(document))
    assert found
    for reference in found:
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_every_event_and_topic_is_described():
    document = asyncapi()
    assert set(document["components"]["messages"]) == set(EVENT_TYPES)
    assert set(document["channels"]) == {topic.name for topic in TOPICS}
    assert all(message["summary"] for message in document["components"]["messages"].values())


def test_the_table_of_the_architecture_names_every_event():
    page = (DOCS / "architecture.md").read_text()
    assert not [name for name in EVENT_TYPES if name not in page]


def reactions_of(service):
    """Where a service says which event has which effect."""
    folder = DOCS.parent / "services" / service
    return "".join((folder / name).read_text() for name in ("worker.py", "handlers/__init__.py"))


def test_who_consumes_is_what_the_workers_react_to():
    """Read from the source: which service's worker names an event of the topic."""
    for topic, readers in SUBSCRIBERS.items():
        names = {entry.name for entry in EVENT_TYPES.values() if entry.topic == topic}
        reacting = tuple(
            service for service in SERVICES if any(f'"{name}": ' in reactions_of(service) for name in names)
        )
        assert set(reacting) == set(readers), topic


def test_every_setting_stands_in_operations():
    page = (DOCS / "operations.md").read_text()
    assert not [entry.name for entry in describe() if f"`{entry.name}`" not in page]


def test_every_link_between_documents_leads_to_a_file():
    for page in [*DOCS.glob("*.md"), *DOCS.parent.glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
