"""Fixtures of notifications: a provider that answers and a stage on each kind of database."""

from collections.abc import Iterator

import pytest

from shared.db import connect
from shared.db.migrations import upgrade
from tests.integration.notifications.carriers import Carrier, carrier
from tests.integration.notifications.stage import Resident, Stage


def prepare(url: str) -> None:
    engine = connect(url)
    upgrade(engine, "services.notifications")
    engine.dispose()


@pytest.fixture
def phone_company(tmp_path) -> Iterator[Carrier]:
    with carrier(tmp_path) as running:
        yield running


@pytest.fixture
def stage(databases, phone_company) -> Iterator[Stage]:
    made = Stage(databases.prepared("notifications", prepare), {"sms": phone_company.twilio()})
    yield made
    made.close()


@pytest.fixture
def resident() -> Resident:
    return Resident()
