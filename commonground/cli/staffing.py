"""Routing as the staff commands open it: a transaction on its people, and its refusals as failures."""

from collections.abc import Iterator
from contextlib import contextmanager

from commonground.failures import Failed
from commonground.installation import surroundings
from services.routing.domain.refusals import Refusal
from services.routing.service import Routing
from shared.config import Settings


@contextmanager
def routing() -> Iterator[tuple[Routing, Settings]]:
    """Routing and its settings; a refusal inside ends the command with its sentence."""
    settings = Settings.load("routing", surroundings())
    opened = Routing.assemble(settings, pool_size=2)
    try:
        yield opened, settings
    except Refusal as refusal:
        raise Failed(str(refusal)) from refusal
    finally:
        opened.close()
