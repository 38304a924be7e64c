"""What handlers and the consumer may say about events they cannot handle."""

from collections.abc import Callable, Iterable
from uuid import UUID

from shared.events import Event
from shared.outbox.transaction import Transaction


class NotYet(Exception):
    """Something the event needs has not come from another stream; it is tried again, and never a failure.

    Name the events that must wait, `NotYet("no contact yet", late)`, so that the others of the list go on
    at once; without names the consumer finds them by trying.

    Whatever the handler did is undone. `meanwhile` is done then, at once and in a transaction of its own:
    what must hold while the events wait. It comes again with every try, and what it relied on may have
    changed by the time it is called.
    """

    def __init__(
        self, reason: str, events: Iterable[Event] = (), meanwhile: Callable[[Transaction], None] | None = None
    ) -> None:
        super().__init__(reason)
        self.event_ids: frozenset[UUID] = frozenset(event.id for event in events)
        self.meanwhile = meanwhile


class BadDeploy(Exception):
    """Too many different events failed in a row: the code is wrong, not the events. The process must end."""
