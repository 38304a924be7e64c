"""Routing on a fresh database, once SQLite and once PostgreSQL, with events held to the catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.events import checking
from tests.integration.routing.world import World, prepare


@pytest.fixture(autouse=True)
def strict_events() -> Iterator[None]:
    with checking.strictly():
        yield


@pytest.fixture
def world(databases, tmp_path: Path) -> Iterator[World]:
    """On both databases."""
    opened = World.open(databases.prepared("routing", prepare), tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def lite(sqlite_databases, tmp_path: Path) -> Iterator[World]:
    """On SQLite only, for what does not depend on the database."""
    opened = World.open(sqlite_databases.prepared("routing", prepare), tmp_path)
    yield opened
    opened.close()
