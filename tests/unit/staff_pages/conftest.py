"""Helpers of the staff pages speak the reader's language: they need an application to know it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask("staff_pages")
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield
