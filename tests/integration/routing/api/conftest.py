"""Routing's web application, and programs with tokens of its staff."""

import pytest

from services.routing.app import create_app
from services.routing.handlers import people
from services.routing.web.desk import EXTENSION
from tests.integration.routing.api.program import Program


@pytest.fixture
def app(world):
    opened = create_app(world.settings)
    yield opened
    opened.extensions[EXTENSION].close()


@pytest.fixture
def program(app, world):
    def of(actor):
        with world.routing.outbox.transaction() as tx:
            issued = people.issue_token(tx, world.routing.office, actor.login)
        return Program(app, issued.token)

    return of


@pytest.fixture
def staff(world):
    return world.staff()
