"""What went wrong, in words: the errors an operator can do something about."""

import sys
from importlib import import_module

from shared.bus.port import BusUnavailable
from shared.config import Misconfigured


class Failed(Exception):
    """A command could not do what it was asked; the message says why and what to do."""


def in_words(error: Exception) -> str | None:
    """The words for an error that needs no traceback; None for one that does."""
    if isinstance(error, Misconfigured | Failed):
        return str(error)
    if isinstance(error, BusUnavailable):
        return f"The event log (BUS_URL) does not answer: {error}"
    # Only code that has loaded the database library can have raised its errors.
    if "sqlalchemy" in sys.modules and import_module("shared.db").is_outage(error):
        return f"A database does not answer: {getattr(error, 'orig', error)}".strip()
    return None
