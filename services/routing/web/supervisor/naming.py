"""What the groups of a report and the parts of a cohort are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext

from services.routing.desk import Desk
from services.routing.queries import people
from services.routing.web import words
from shared.cities import City


@dataclass(frozen=True, slots=True)
class Naming:
    """Turns the keys of groups into words."""

    city: City
    people: Mapping[UUID, str]

    @classmethod
    def at(cls, desk: Desk) -> "Naming":
        """With the people the reader knows."""
        return cls(desk.office.city, {person.id: person.name for person in people(desk)})

    def name(self, by: str, key: Any) -> str:
        """One group."""
        if by == "owner":
            return self._owner(key)
        if key is None:
            return gettext("In a queue") if by == "team" else gettext("Not known")
        named = {
            "district": lambda: words.district(self.city, key), "category": lambda: words.category(self.city, key),
            "language": lambda: words.language(key), "channel": lambda: words.channel(key),
            "team": lambda: words.team(self.city, key),
        }  # fmt: skip
        return named[by]()

    def _owner(self, key: Any) -> str:
        if key is None:
            return gettext("In a queue")
        return self.people.get(UUID(str(key)), gettext("Somebody you do not know"))


def group(by: str) -> str:
    """What the groups are: the heading of a table's first column."""
    known = {
        "district": gettext("District"), "category": gettext("Category"), "language": gettext("Language"),
        "channel": gettext("Came by"), "team": gettext("Team"), "owner": gettext("Owner"),
        "time": gettext("Received"),
    }  # fmt: skip
    return known[by]


def caption(by: str) -> str:
    """The heading of a table."""
    known = {
        "district": gettext("By district"), "category": gettext("By category"), "language": gettext("By language"),
        "channel": gettext("By channel"), "team": gettext("By team"), "owner": gettext("By owner"),
    }  # fmt: skip
    return known[by]


def part(which: str) -> str:
    """Which cases of a cohort, or of somebody's."""
    known = {
        "all": gettext("All"), "answered": gettext("Answered"), "kept": gettext("Promise kept"),
        "late": gettext("Promise broken"), "overdue": gettext("Overdue and open"), "open": gettext("Open"),
        "waiting": gettext("Waiting on resident"),
    }  # fmt: skip
    return known[which]
