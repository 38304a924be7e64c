"""Reading what residents write for whom and what it names, with the roster as it is now."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from services.routing.domain.decision import wants_partner
from services.routing.domain.facts import PARTNER, POLICE, Facts
from services.routing.domain.ownership import is_said_in_thanks
from services.routing.domain.walls import ORGANISATION, Roster, Staff, Subject
from services.routing.models import aliases, people
from services.routing.office import Office
from shared.mentions import Mentions


class Reader:
    """Reads for one process; the index of names is made anew when a person has changed."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._made: tuple[Any, Roster] | None = None
        self._mentions = Mentions(office.city.words.values())

    def subjects(self, conn: Connection, told: Any, facts: Facts) -> frozenset[Subject]:
        """Of a new concern: what was named outright, and what its text holds."""
        if not isinstance(told, Mapping):
            return frozenset()
        named = self._roster(conn).named(told.get("named_people") or ())
        return named | self.in_text(conn, str(told.get("text", "")), facts)

    def in_text(self, conn: Connection, text: str, facts: Facts) -> frozenset[Subject]:
        """What a text holds. A text about police anyhow is read more warily than one about a lamp."""
        wary = facts.names_person or self._office.directory.is_guarded(facts)
        found = self._roster(conn).found_in(text, wary=wary)
        return frozenset(each for each in found if each.kind != ORGANISATION or self._is_meant(each, facts))

    def named(self, conn: Connection, entry: Mapping[str, str | None]) -> frozenset[Subject]:
        """Whom a colleague means by a name, badge or unit."""
        return self._roster(conn).named([entry])

    def only_thanks(self, text: str, facts: Facts) -> bool:
        """Whether whom the text names is thanked: oversight reads it first, but no wall keeps it from them. A
        thanks that tells of conduct is none.
        """
        return is_said_in_thanks(facts, self._office.directory) and not self._mentions.tells_of_conduct(text)

    def _is_meant(self, each: Subject, facts: Facts) -> bool:
        """An organisation in a text is what the text is about, unless the writer asks for it. The police and
        oversight are spoken of in every other complaint: only who names them outright means them.
        """
        asked_for = wants_partner(facts) or facts.partner == each.key
        return self._office.directory.kind(each.key) == PARTNER and not asked_for

    def _roster(self, conn: Connection) -> Roster:
        version = tuple(conn.execute(_VERSION).one())
        if self._made is None or self._made[0] != version:
            self._made = (version, roster(conn, self._office))
        return self._made[1]


_ALIASES = select(func.count()).select_from(aliases).scalar_subquery()
#: Changes with every person who comes or changes, for each change moves a sequence.
_VERSION = select(func.count(), func.coalesce(func.sum(people.c.sequence), 0), _ALIASES).select_from(people)


def roster(conn: Connection, office: Office) -> Roster:
    """Everybody who is or was here, by all their names; the city's words for titles and badges."""
    others: dict[UUID, list[str]] = defaultdict(list)
    for row in conn.execute(select(aliases)):
        others[row.person_id].append(row.alias)
    c, city = people.c, office.city
    staff = [
        Staff(
            id=row.id,
            name=row.name,
            aliases=tuple(others[row.id]),
            badge=row.badge,
            unit=row.unit,
            by_surname=office.directory.kind(row.organisation) == POLICE,
        )
        for row in conn.execute(select(c.id, c.name, c.badge, c.unit, c.organisation))
    ]
    return Roster(
        staff,
        titles=[word for each in city.words.values() for word in each.titles],
        badge_words=[word for each in city.words.values() for word in each.badges],
        units=city.walls.units,
        organisations={code: known.labels.values() for code, known in city.organisations.items()},
    )
