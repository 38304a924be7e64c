"""A small service of the tests' own: one effect table beside the tables of the delivery runtime."""

from collections.abc import Iterator

import pytest

from tests.integration.delivery.disturbed import DisturbedBus
from tests.integration.delivery.station import Station
from tests.servers.databases import SqliteDatabases


@pytest.fixture
def station(database_url: str, embedded_bus_url: str) -> Iterator[Station]:
    """On both databases; the bus is the embedded one."""
    opened = Station.open(database_url, embedded_bus_url)
    yield opened
    opened.close()


@pytest.fixture
def lite(sqlite_databases: SqliteDatabases, embedded_bus_url: str) -> Iterator[Station]:
    """On SQLite only, for what does not depend on the database."""
    opened = Station.open(sqlite_databases.fresh(), embedded_bus_url)
    yield opened
    opened.close()


@pytest.fixture
def disturbed(station: Station) -> DisturbedBus:
    """The station's bus, with `before` and `after` each publish in the hands of the test."""
    return DisturbedBus(station.bus)
