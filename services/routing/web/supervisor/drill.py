"""The cases behind a figure, as a page: asked for in the address, in parts, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from services.routing.desk import Desk
from services.routing.domain.refusals import Invalid
from services.routing.domain.states import OPEN
from services.routing.queries import CaseRow, Page
from services.routing.reports import behind, carried
from services.routing.reports.behind import CARRIED, PARTS
from services.routing.web import words
from services.routing.web.supervisor.naming import Naming, part
from services.routing.web.supervisor.period import Period

ADDRESS = "/supervisor/cases"


@dataclass(frozen=True)
class Drill:
    """What was asked for: a cohort's group, or what a person or queue carries."""

    asked: MultiDict[str, str]
    period: Period
    naming: Naming

    @property
    def carrying(self) -> bool:
        """Whether it is about what somebody carries now, and not about a period."""
        return bool(self.asked.get("carrier") or self.asked.get("queue"))

    @property
    def which(self) -> str:
        """The part that is shown. Raises Invalid."""
        which = self.asked.get("which") or ("open" if self.carrying else "all")
        if which not in self.parts:
            raise Invalid("/which", "unknown_part", f"Parts are {', '.join(self.parts)}.")
        return which

    @property
    def parts(self) -> Sequence[str]:
        """The parts there are."""
        return tuple(CARRIED if self.carrying else PARTS)

    @property
    def keys(self) -> list[str | None]:
        """The groups; an empty one is the group without a key."""
        return [key or None for key in self.asked.getlist("key")]

    def find(self, desk: Desk) -> Page:
        """The cases. Raises Invalid, NotAllowed."""
        cursor = self.asked.get("cursor") or None
        if self.carrying:
            carrier = identifier(self.asked.get("carrier"))
            return carried(desk, owner_id=carrier, queue=self.asked.get("queue"), which=self.which, cursor=cursor)
        return behind(
            desk, self.period.start, self.period.end, by=self.asked.get("by") or None, keys=self.keys,
            which=self.which, cursor=cursor,
        )  # fmt: skip

    def address(self, **more: str) -> str:
        """The same cases, in another part or on another page."""
        kept = [(name, value) for name, value in self.asked.items(multi=True) if name not in ("cursor", *more)]
        return f"{ADDRESS}?{urlencode([*kept, *more.items()])}"

    def links(self) -> list[dict[str, Any]]:
        """The parts, as sections."""
        return [
            {"href": self.address(which=which), "label": part(which), "current": which == self.which}
            for which in self.parts
        ]

    def sentence(self) -> str:
        """Which cases these are."""
        if self.carrying:
            return gettext("Open now, with %(name)s.", name=self._carrier())
        by = self.asked.get("by")
        received = gettext("Received %(days)s", days=self.period.words())
        if not by:
            return f"{received}."
        named = ", ".join(self.naming.name(by, key) for key in self.keys[:5])
        further = len(self.keys) - 5
        named += ngettext(" and %(num)s more", " and %(num)s more", further) if further > 0 else ""
        return f"{received}: {named}."

    def _carrier(self) -> str:
        if self.asked.get("carrier"):
            return self.naming.name("owner", identifier(self.asked.get("carrier")))
        return words.queue(self.naming.city, self.asked.get("queue"))


def identifier(given: str | None) -> UUID | None:
    """An id from the address. Raises Invalid."""
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("/key", "no_id", "There is no such thing.") from None


def kept_promise(row: CaseRow, now: datetime) -> str:
    """What became of the first promise: kept or late; overdue or running where an answer is still to come;
    closed where none came and none was due yet.
    """
    if row.first_responded_at is not None:
        return "kept" if row.first_responded_at <= row.first_response_due_at else "late"
    still_open = row.state in OPEN
    if row.first_response_due_at < now:
        return "overdue" if still_open else "late"
    return "running" if still_open else "closed"
