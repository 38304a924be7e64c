"""The wall of each new case of a batch: its story read, its subjects found, before anybody is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from services.routing.domain.certificate import Certificate
from services.routing.domain.decision import Staffing, decide
from services.routing.domain.facts import Facts
from services.routing.domain.walls import Subject, excluded_people, outside
from services.routing.handlers.casework.closing import charts, is_for_outside
from services.routing.handlers.walls import Reader
from services.routing.office import Office
from services.routing.queries.staffing import keepers, reviewers
from services.routing.queries.walls import Posts, all_posts, incident
from shared.events import Event
from shared.outbox import Transaction
from shared.sealing import CannotUnseal, from_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Walled:
    """A concern with its wall. `event` says that it names somebody once its story does."""

    event: Event
    subjects: frozenset[Subject] = frozenset()
    excluded: Mapping[UUID, str] = field(default_factory=dict)
    directly: bool = False


@dataclass(frozen=True)
class Walling:
    """Works within one transaction. What only walls need is asked for with the first of them."""

    tx: Transaction
    office: Office
    reader: Reader

    def wall(self, event: Event) -> Walled:
        """Read the story and build the wall. What cannot be opened is kept from the police unread."""
        try:
            told = self._told(event)
        except CannotUnseal:
            return Walled(event=guarded(event))
        subjects = self.reader.subjects(self.tx.conn, told, Facts.of(event.data))
        if not subjects:
            return Walled(event=event)
        filed = datetime.fromisoformat(event.data["received_at"])
        known = charts(self._posts, (*incident(told, self.office.city.time_zone), filed, self.tx.now))
        return Walled(
            event=guarded(event),
            subjects=subjects,
            excluded=excluded_people(subjects, known, self.office.city.walls.depth),
            directly=is_for_outside(self.tx.conn, self.office, subjects, known),
        )

    def choose(self, walled: Walled, at_work: Staffing) -> Certificate:
        """Whom the rules choose of those to whom the case is open."""
        facts, directory = Facts.of(walled.event.data), self.office.directory
        certificate = decide(facts, directory, replace(at_work, excluded=walled.excluded))
        if not (walled.excluded or walled.directly):
            return certificate
        return outside(
            certificate, directory, keepers=self._keepers, reviewers=self._reviewers,
            excluded=walled.excluded, directly=walled.directly,
        )  # fmt: skip

    def _told(self, event: Event) -> Any:
        key = self.office.keyring.open_key(from_text(event.data["key"]))
        return key.unseal(from_text(event.data["sealed"]), event.name)

    @cached_property
    def _posts(self) -> Posts:
        return all_posts(self.tx.conn)

    @cached_property
    def _keepers(self) -> dict[str, UUID | None]:
        return keepers(self.tx.conn)

    @cached_property
    def _reviewers(self) -> frozenset[UUID]:
        return reviewers(self.tx.conn)


def guarded(event: Event) -> Event:
    """The same concern, kept from police teams and from the public."""
    return replace(event, data={**event.data, "names_person": True, "show_publicly": False})
