"""Finds the adapter that a bus address asks for."""

from importlib import import_module
from typing import cast
from urllib.parse import urlsplit

from shared.bus.port import Bus

# Named, not imported: the web processes import the port but must never load a Kafka client
# (its IO threads do not survive gunicorn's fork), so an adapter is loaded when its address is opened.
ADAPTERS = {"kafka": "shared.bus.kafka", "sqlite": "shared.bus.embedded"}


def connect(url: str) -> Bus:
    """Open `kafka://h1:9092,h2:9092?…` or `sqlite:///path`; ValueError says what is wrong with the address.

    Nothing is sent yet: a bus that is down shows at the first use, as BusUnavailable.
    """
    scheme = urlsplit(url).scheme
    if scheme not in ADAPTERS:
        raise ValueError(f"A bus address starts with kafka:// or sqlite:///, not {scheme or 'nothing'!r}")
    return cast(Bus, import_module(ADAPTERS[scheme]).connect(url))
