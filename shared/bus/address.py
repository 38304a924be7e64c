"""Finds the adapter that a bus address asks for, and says what is wrong with an address."""

from importlib import import_module
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from shared.bus.kafka_address import KafkaAddress
from shared.bus.port import Bus

# Named, not imported: the web processes import the port but must never load a Kafka client
# (its IO threads do not survive gunicorn's fork), so an adapter is loaded when its address is opened.
ADAPTERS = {"kafka": "shared.bus.kafka", "sqlite": "shared.bus.embedded"}


def connect(url: str) -> Bus:
    """Open `kafka://h1:9092,h2:9092?…` or `sqlite:///path`; ValueError says what is wrong with the address.

    Nothing is sent yet: a bus that is down shows at the first use, as BusUnavailable.
    """
    return cast(Bus, import_module(ADAPTERS[_scheme(url)]).connect(url))


def check(url: str) -> None:
    """Raise what `connect` would raise for a malformed address, without loading any adapter."""
    {"kafka": KafkaAddress.parse, "sqlite": file_of}[_scheme(url)](url)


def file_of(url: str) -> Path:
    """The file of `sqlite:///relative/path` or `sqlite:////absolute/path`; ValueError when it names none."""
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix("/")
    if parts.netloc or not path:
        raise ValueError("must name its file: sqlite:///var/bus.sqlite3 (four slashes: absolute)")
    return Path(path)


def _scheme(url: str) -> str:
    scheme = url.partition("://")[0]
    if scheme not in ADAPTERS or "://" not in url:
        raise ValueError("must start with kafka:// or sqlite:///")
    return scheme
