"""Every event has a schema, a publisher and a reader; every table has one owner and one migration that makes it."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from services.intake.models import metadata as intake
from services.notifications.models import metadata as notifications
from services.routing.models import metadata as routing
from shared.db.migrations import upgrade
from shared.events.catalogue import EVENT_TYPES

ROOT = Path(__file__).parents[2]
METADATA = {"intake": intake, "routing": routing, "notifications": notifications}
#: What each service has a copy of, in its own database, by the same definition.
SHARED = {"outbox", "inbox", "parked", "timers", "leases", "rate_limits"}


def words_in(service, *rooms):
    """Every string constant in the service's code."""
    for room in rooms:
        folder = ROOT / "services" / service
        for path in [folder / f"{room}.py", *sorted((folder / room).rglob("*.py"))]:
            if path.exists():
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.value


def emitted(service):
    """The names given to `emit`, read from the source."""
    for path in sorted((ROOT / "services" / service).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "emit":
                first = node.args[0]
                yield from [first.value] if isinstance(first, ast.Constant) else []


@pytest.mark.parametrize("service", METADATA)
def test_what_is_emitted_has_a_schema_and_the_right_source(service):
    names = set(emitted(service))
    assert names
    for name in names:
        assert EVENT_TYPES[name].source == f"/{service}", name


def test_every_event_of_the_catalogue_is_published_by_its_source():
    for name, entry in EVENT_TYPES.items():
        assert name in set(words_in(entry.source.strip("/"), "handlers", "models", "sender")), name


def reactions(service):
    """Where a service says which event has which effect."""
    folder = ROOT / "services" / service
    return (folder / "worker.py").read_text() + (folder / "handlers/__init__.py").read_text()


def test_every_event_has_a_reader():
    told = "".join(reactions(service) for service in METADATA)
    assert not [name for name in EVENT_TYPES if f'"{name}":' not in told]


def test_a_table_belongs_to_one_service():
    for service, metadata in METADATA.items():
        own = set(metadata.tables) - SHARED
        others = {name for other, m in METADATA.items() if other != service for name in set(m.tables) - SHARED}
        assert own
        # "messages" is a word of each service's own; their databases are apart.
        assert own & others <= {"messages"}, service


@pytest.mark.parametrize("service", METADATA)
def test_migrations_make_exactly_the_tables_of_the_models(service, tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    upgrade(engine, f"services.{service}")
    made = inspect(engine)
    declared = METADATA[service].tables
    assert set(made.get_table_names()) - {"alembic_version"} == set(declared)
    for name, table in declared.items():
        assert {column["name"] for column in made.get_columns(name)} == set(table.columns.keys()), name
    engine.dispose()
