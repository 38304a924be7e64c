"""Holds every event that any test emits against the catalogue."""

from collections.abc import Iterator

import pytest

from shared.events import checking


@pytest.fixture(autouse=True)
def events_fit_the_catalogue() -> Iterator[None]:
    """An event that readers could not rely on fails the test that emitted it."""
    with checking.strictly():
        yield
