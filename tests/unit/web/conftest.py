"""The sample service as an application and as its client."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared.config import Settings
from shared.web.app import App
from tests.unit.web.sample import sample_app, settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def app(tmp_path: Path, settings: Settings) -> App:
    return sample_app(tmp_path, settings)


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.test_client()
