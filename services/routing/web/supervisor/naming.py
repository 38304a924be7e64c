"""What the groups of a report and the parts of a cohort are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext

from services.routing.desk import Desk
from services.routing.queries.people import names
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
        return cls(desk.office.city, names(desk))

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


#: What the groups are (the heading of a table's first column), and the heading of the table.
GROUPS: Mapping[str, tuple[Any, Any]] = {
    "district": (lazy_gettext("District"), lazy_gettext("By district")),
    "category": (lazy_gettext("Category"), lazy_gettext("By category")),
    "language": (lazy_gettext("Language"), lazy_gettext("By language")),
    "channel": (lazy_gettext("Came by"), lazy_gettext("By channel")),
    "team": (lazy_gettext("Team"), lazy_gettext("By team")),
    "owner": (lazy_gettext("Owner"), lazy_gettext("By owner")),
    "time": (lazy_gettext("Received"), lazy_gettext("Over time")),
}
PARTS: Mapping[str, Any] = {
    "all": lazy_gettext("All"),
    "answered": lazy_gettext("Answered"),
    "kept": lazy_gettext("Promise kept"),
    "late": lazy_gettext("Promise broken"),
    "overdue": lazy_gettext("Overdue and open"),
    "open": lazy_gettext("Open"),
    "waiting": lazy_gettext("Waiting on resident"),
}


def group(by: str) -> str:
    """What the groups are."""
    return str(GROUPS[by][0])


def caption(by: str) -> str:
    """The heading of a table."""
    return str(GROUPS[by][1])


def part(which: str) -> str:
    """Which cases of a cohort, or of somebody's."""
    return str(PARTS[which])
