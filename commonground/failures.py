"""What went wrong, in words: the errors an operator can do something about."""

import sys
from importlib import import_module

from shared.bus.port import BusUnavailable
from shared.config import Misconfigured

#: "No such table", as SQLite says it and as PostgreSQL numbers it (SQLSTATE, appendix A of its manual).
NO_TABLE_WORDS, NO_TABLE_STATE = "no such table", "42P01"


class Failed(Exception):
    """A command could not do what it was asked; the message says why and what to do."""


def in_words(error: Exception) -> str | None:
    """The words for an error that needs no traceback; None for one that does."""
    if isinstance(error, Misconfigured | Failed):
        return str(error)
    if isinstance(error, BusUnavailable):
        return f"The event log (BUS_URL) does not answer: {error}"
    # Only code that has loaded the database library can have raised its errors.
    return _of_database(error) if "sqlalchemy" in sys.modules else None


def _of_database(error: Exception) -> str | None:
    cause = getattr(error, "orig", error)
    if import_module("shared.db").is_outage(error):
        return f"A database does not answer: {_first_line(cause)}"
    if NO_TABLE_WORDS in str(cause) or getattr(cause, "sqlstate", None) == NO_TABLE_STATE:
        return "A database is not set up. Run: commonground db upgrade"
    return None


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
