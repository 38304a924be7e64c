"""Fixtures of notifications: a provider that answers, a stage and worker processes on each kind of database."""

from collections.abc import Iterator

import pytest

from shared.db import connect
from shared.db.migrations import upgrade
from tests.integration.notifications.carriers import Carrier, carrier
from tests.integration.notifications.stage import Resident, Stage
from tests.integration.notifications.workers import Workers


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
def workers(databases, phone_company, tmp_path) -> Iterator[Workers]:
    made = Workers(tmp_path, databases.prepared("notifications", prepare), phone_company.base)
    yield made
    made.close()


@pytest.fixture
def resident() -> Resident:
    return Resident()
