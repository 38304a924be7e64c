"""What is known of the request or event being worked on: correlation id, cause, trace."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from shared.ids import new_id_text


def _new_traceparent() -> str:
    """A fresh W3C trace context (version 00, sampled)."""
    drawn = os.urandom(24).hex()
    return f"00-{drawn[:32]}-{drawn[32:]}-01"


@dataclass(frozen=True, slots=True)
class Context:
    """Travels from the first request to the last text; never holds personal data."""

    correlationid: str = field(default_factory=new_id_text)
    causationid: UUID | None = None
    traceparent: str = field(default_factory=_new_traceparent)


_current: ContextVar[Context | None] = ContextVar("commonground_context", default=None)


def current() -> Context:
    """The context of the work at hand; a fresh one when nothing set it."""
    context = _current.get()
    if context is None:
        context = Context()
        _current.set(context)
    return context


def known() -> Context | None:
    """The context of the work at hand, if anything set one."""
    return _current.get()


@contextmanager
def working_on(context: Context) -> Iterator[Context]:
    """Everything inside belongs to this context."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
