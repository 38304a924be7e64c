"""Signing in: sessions that live in the database, so that they can be listed, ended and outlive no one."""

from services.routing.handlers.signing_in.entry import Entered, enter
from services.routing.handlers.signing_in.sessions import (
    OpenSession,
    end_all_sessions,
    end_session,
    open_sessions,
    resume,
    start_session,
)

__all__ = [
    "Entered",
    "OpenSession",
    "end_all_sessions",
    "end_session",
    "enter",
    "open_sessions",
    "resume",
    "start_session",
]
