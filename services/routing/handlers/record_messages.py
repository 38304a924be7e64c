"""When a resident wrote again, put it into the conversation and wake the case up if it slept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.routing.domain.facts import Facts
from services.routing.domain.ownership import is_said_in_thanks
from services.routing.domain.states import WOKEN_BY_RESIDENT
from services.routing.domain.walls import Subject
from services.routing.handlers.casework import Work, ensure_owner, first_words, keep_from_police, lock, move
from services.routing.handlers.walls import Reader, close_to
from services.routing.office import Office
from shared.events import Event
from shared.inbox import NotYet
from shared.outbox import Transaction
from shared.sealing import CannotUnseal, from_text


@dataclass(frozen=True)
class RecordMessages:
    """Handler of message.received."""

    office: Office
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reader", Reader(self.office))

    def __call__(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Record each, in order per case; cases are locked in the order of their ids."""
        works: dict[UUID, Work] = {}
        for event in sorted(events, key=lambda event: (event.subject, event.sequence)):
            if event.subject not in works:
                works[event.subject] = self._open(tx, event)
            _record(works[event.subject], event)
            self._wall(works[event.subject], event)
        for work in works.values():
            work.save()

    def _wall(self, work: Work, event: Event) -> None:
        """Close it to whom the message names, in the transaction that keeps the words: they never read them."""
        try:
            said = work.key.unseal(from_text(event.data["sealed"]), event.name)
        except CannotUnseal:
            return
        text, facts = str(said.get("text", "")) if isinstance(said, dict) else "", Facts.of(work.case)
        named = self.reader.in_text(work.tx.conn, text, facts)
        if not self.reader.only_thanks(text, facts):
            close_to(work, named | self._thanked(work, facts))
        elif named:
            keep_from_police(work)

    def _thanked(self, work: Work, facts: Facts) -> frozenset[Subject]:
        """Whom the opening thanked, now that a later message takes it back by telling of conduct."""
        if not is_said_in_thanks(facts, self.office.directory):
            return frozenset()
        return self.reader.subjects(work.tx.conn, first_words(work), facts)

    def _open(self, tx: Transaction, event: Event) -> Work:
        work = lock(tx, self.office, event.subject)
        if work is None:
            raise NotYet("The case of this message has not been opened", [event])
        return work


def _record(work: Work, event: Event) -> None:
    message_id, channel = event.data["message_id"], event.data["channel"]
    at = datetime.fromisoformat(event.data["received_at"])
    work.step("message.recorded", {"message_id": message_id, "channel": channel, "at": at.isoformat()})
    work.keep("message", from_text(event.data["sealed"]), id=UUID(message_id), channel=channel, at=at)
    state = work.case["state"]
    if state in WOKEN_BY_RESIDENT:
        move(work, "in_progress", reason=WOKEN_BY_RESIDENT[state])
        ensure_owner(work, state)
    if event.data.get("names_person"):
        # In the transaction that keeps the words: the person they name never reads them.
        keep_from_police(work)
