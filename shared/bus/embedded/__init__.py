"""A durable bus in one SQLite file, for everything on one machine: several processes may use it at once."""

from shared.bus.address import file_of
from shared.bus.embedded.bus import EmbeddedBus

__all__ = ["EmbeddedBus", "connect"]


def connect(url: str) -> EmbeddedBus:
    """The bus at `sqlite:///relative/path` or `sqlite:////absolute/path`; ValueError when it names no file."""
    return EmbeddedBus(file_of(url))
