"""The account's pages on SQLite, with the usual staff; Ash has a password."""

import pytest

from services.routing.app import create_app
from services.routing.handlers import people
from services.routing.web.desk import EXTENSION
from tests.integration.routing.account.browser import Browser
from tests.integration.routing.world import PASSWORD


@pytest.fixture
def app(lite):
    opened = create_app(lite.settings)
    yield opened
    opened.extensions[EXTENSION].close()


@pytest.fixture
def ash(lite):
    lite.staff()
    with lite.routing.outbox.transaction() as tx:
        people.set_password(tx, "ash", PASSWORD)


@pytest.fixture
def browser(app, ash):
    return Browser.on(app)
