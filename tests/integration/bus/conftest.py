"""The bus under contract: one small topic on a fresh bus of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus import Bus, connect
from tests.integration.bus.actors import TOPIC


@pytest.fixture
def bus(bus_url: str) -> Iterator[Bus]:
    """A fresh bus with the contract's topic."""
    opened = connect(bus_url)
    opened.create_topics([TOPIC])
    yield opened
    opened.close()


@pytest.fixture
def url(embedded_bus_url: str) -> str:
    """The address of a bus file of the test's own."""
    return embedded_bus_url


@pytest.fixture
def path(url: str) -> Path:
    """Where that file lies."""
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def embedded_bus(url: str) -> Iterator[Bus]:
    """The bus in that file, with the contract's topic."""
    opened = connect(url)
    opened.create_topics([TOPIC])
    yield opened
    opened.close()
