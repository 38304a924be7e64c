"""Where in the console a person is: which box, narrowed to what, which page. It lives in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode
from uuid import UUID

from services.routing.domain.sight import Actor
from services.routing.queries import BOXES, Filters
from services.routing.queries.inbox import NO_FILTERS

ROOT = "/console/"
NARROWED_BY = tuple(field.name for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class Place:
    """A box with its filters; `cursor` is where the page of it begins, None at the front."""

    box: str
    filters: Filters = NO_FILTERS
    cursor: str | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str], actor: Actor) -> "Place":
        """From the address; a box nobody knows is the person's first."""
        wanted = {name: asked[name].strip() or None for name in NARROWED_BY if name in asked}
        box = asked.get("box", "")
        return cls(box if box in boxes_of(actor) else boxes_of(actor)[0], Filters(**wanted), asked.get("cursor"))

    def query(self, **more: str) -> str:
        """The part of an address after the question mark, with it; empty when nothing is to be said."""
        named = {name: getattr(self.filters, name) for name in NARROWED_BY}
        named |= {"box": self.box, "cursor": self.cursor, **more}
        given = {name: value for name, value in named.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def address(self, case_id: UUID | None = None, **more: str) -> str:
        """The list, or a case beside it."""
        path = f"{ROOT}cases/{case_id}" if case_id else ROOT
        return path + self.query(**more)

    def front(self) -> "Place":
        """Its first page."""
        return replace(self, cursor=None)

    def page(self, cursor: str) -> "Place":
        """Another page of it."""
        return replace(self, cursor=cursor)

    @property
    def narrowed(self) -> int:
        """How many filters besides the search are set."""
        return sum(getattr(self.filters, name) is not None for name in NARROWED_BY if name != "q")


def boxes_of(actor: Actor) -> tuple[str, ...]:
    """The boxes that can hold anything for the person; the first is where she begins."""
    if actor.role == "auditor":
        return ("all", "due", "waiting", "unassigned")
    return tuple(box for box in BOXES if box != "team" or actor.team or actor.organisation)
