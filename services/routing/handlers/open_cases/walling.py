"""The wall of each new case of a batch: its story read, its subjects found, before anybody is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from services.routing.domain.facts import Facts
from services.routing.domain.walls import Subject, excluded_people
from services.routing.handlers.casework.closing import charts, is_for_outside
from services.routing.handlers.deciding import SILENCE, Heard
from services.routing.handlers.walls import Reader
from services.routing.office import Office
from services.routing.queries.walls import Posts, all_posts, incident
from shared.events import Event
from shared.outbox import Transaction
from shared.sealing import CannotUnseal, from_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Walled:
    """A concern with its wall. `event` says that it names somebody once its story does; `story` is the story."""

    event: Event
    story: Heard = SILENCE
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
        story, facts = Heard.of(told), Facts.of(event.data)
        subjects = self.reader.subjects(self.tx.conn, told, facts)
        if not subjects:
            return Walled(event=event, story=story)
        if self.reader.only_thanks(story.text, facts):
            return Walled(event=guarded(event), story=story)
        filed = datetime.fromisoformat(event.data["received_at"])
        known = charts(self._posts, (*incident(told, self.office.city.time_zone), filed, self.tx.now))
        return Walled(
            event=guarded(event),
            story=story,
            subjects=subjects,
            excluded=excluded_people(subjects, known, self.office.city.walls.depth),
            directly=is_for_outside(self.tx.conn, self.office, subjects, known),
        )

    def _told(self, event: Event) -> Any:
        key = self.office.keyring.open_key(from_text(event.data["key"]))
        return key.unseal(from_text(event.data["sealed"]), event.name)

    @cached_property
    def _posts(self) -> Posts:
        return all_posts(self.tx.conn)


def guarded(event: Event) -> Event:
    """The same concern, kept from police teams and from the public."""
    return replace(event, data={**event.data, "names_person": True, "show_publicly": False})
