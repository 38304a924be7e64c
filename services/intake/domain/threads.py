"""Which case an inbound text is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

#: After so long a silence a text is a new concern.
LIVE_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Thread:
    """A case of the number that texts. `with_police`: its owner belongs to a police organisation."""

    id: UUID
    state: str
    active_at: datetime
    with_police: bool


def continued(threads: Iterable[Thread], now: datetime) -> Thread | None:
    """The most recently active case that is not closed and was active within the last 14 days."""
    live = [thread for thread in threads if thread.state != "closed" and now - thread.active_at < LIVE_FOR]
    return max(live, key=lambda thread: (thread.active_at, thread.id), default=None)


def stands_apart(thread: Thread, *, about_police: bool) -> bool:
    """Whether the text must not go to the case's owner.

    A text about how police behaved, sent while the police own the live case, might reach the very
    person it is about. It opens a new concern instead, which people outside the police read first.
    """
    return thread.with_police and about_police
