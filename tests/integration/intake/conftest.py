"""Intake's front door on SQLite and on PostgreSQL, with every emitted event held against the catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.events import checking
from tests.integration.intake.front_door import FrontDoor, prepare


@pytest.fixture(autouse=True)
def strict_events() -> Iterator[None]:
    with checking.strictly():
        yield


@pytest.fixture
def intake_url(databases) -> str:
    """A migrated database, once SQLite and once PostgreSQL."""
    return databases.prepared("intake", prepare)


@pytest.fixture
def door(intake_url: str, tmp_path: Path) -> Iterator[FrontDoor]:
    """On both databases."""
    opened = FrontDoor.open(intake_url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def lite(sqlite_databases, tmp_path: Path) -> Iterator[FrontDoor]:
    """On SQLite only, for what does not depend on the database."""
    opened = FrontDoor.open(sqlite_databases.prepared("intake", prepare), tmp_path)
    yield opened
    opened.close()
