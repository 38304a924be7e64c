"""A durable bus in one SQLite file, for everything on one machine: several processes may use it at once."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.bus.embedded.bus import EmbeddedBus

__all__ = ["EmbeddedBus", "connect"]


def connect(url: str) -> EmbeddedBus:
    """The bus at `sqlite:///relative/path` or `sqlite:////absolute/path`; ValueError when it names no file."""
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix("/")
    if parts.netloc or not path:
        raise ValueError("An embedded bus names its file: sqlite:///var/bus.sqlite3 (four slashes: absolute)")
    return EmbeddedBus(Path(path))
