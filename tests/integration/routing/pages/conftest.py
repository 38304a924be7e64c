"""Routing's web application on a small city, and browsers signed in to it."""

import pytest

from services.routing.app import create_app
from services.routing.web.desk import EXTENSION
from tests.integration.routing.pages.browser import Browser


@pytest.fixture
def app(lite):
    opened = create_app(lite.settings)
    yield opened
    opened.extensions[EXTENSION].close()


@pytest.fixture
def staff(lite):
    return lite.staff()


@pytest.fixture
def browser(app, lite):
    """browser(actor) → signed in; browser() → a stranger."""
    return lambda actor=None: Browser(app, lite, actor)
