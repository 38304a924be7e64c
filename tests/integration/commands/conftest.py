"""An installation on one machine, and one as in production."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from commonground.installation import SERVICES
from tests.integration.commands.town import Town, environment, migrate

#: Each place: its databases, its event log.
PLACES = {"one machine": ("sqlite", "embedded"), "production": ("postgres", "kafka")}
MARKS = {"one machine": (), "production": (pytest.mark.postgres, pytest.mark.kafka)}


@pytest.fixture(params=[pytest.param(place, marks=MARKS[place]) for place in PLACES])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A town with its people and nothing told yet."""
    yield from _town(request, tmp_path, request.param)


@pytest.fixture
def small_town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """The same on one machine only, where the kind of database makes no difference."""
    yield from _town(request, tmp_path, "one machine")


def _town(request: pytest.FixtureRequest, folder: Path, place: str) -> Iterator[Town]:
    kind, log = PLACES[place]
    databases = request.getfixturevalue(f"{kind}_databases")
    urls = {service: databases.prepared(f"town_{service}", partial(migrate, service)) for service in SERVICES}
    opened = Town.open(environment(urls, request.getfixturevalue(f"{log}_bus_url"), folder))
    yield opened
    opened.close()
