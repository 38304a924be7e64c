"""The bus under contract: one small topic on a fresh bus of each kind."""

from collections.abc import Iterator

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
