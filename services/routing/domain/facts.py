"""The facts a decision rests on: what was told, who could own it, where it could wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

POLICE, PARTNER, OVERSIGHT = "police", "partner", "oversight"

#: Straight to oversight, whatever else was wished: the answerer must never be an ally of the accused.
RETALIATION = "retaliation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a concern without keeping its words.

    `told_at` is the city's local time, ISO 8601. Of the words only this is known: which keywords and units
    that the rules ask for occur in them.
    """

    kind: str
    category: str
    district: str | None
    language: str
    channel: str
    names_person: bool = False
    preferred_partner: str = "either"
    partner: str | None = None
    quarantine: str | None = None
    about: str | None = None
    told_at: str | None = None
    keywords: tuple[str, ...] = ()
    named_units: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Facts":
        """From an event's data, a case's row or `as_data`; what they do not say stays unknown."""
        known = {name: told[name] for name in cls.__slots__ if name in told}
        listed = {name: tuple(known[name]) for name in LISTED if name in known}
        return cls(**(known | listed))

    def as_data(self) -> dict[str, Any]:
        """As JSON values."""
        listed = {name: list(getattr(self, name)) for name in LISTED}
        return {name: getattr(self, name) for name in self.__slots__} | listed


LISTED = ("keywords", "named_units")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of a team who may own cases. Her load is given apart, for it changes with every decision.

    No languages: nobody has said which, so that none keeps a concern from her. `weight` is the share of a
    full load she carries, in percent; `cap` the open cases at which the rules stop giving her more.
    """

    id: UUID
    login: str
    name: str
    team: str
    active: bool = True
    available: bool = True
    on_shift: bool = True
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    cap: int | None = None
    weight: int = 100

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Colleague":
        """From `as_data`."""
        listed = {name: tuple(kept[name]) for name in ("languages", "skills")}
        return cls(**{**kept, **listed, "id": UUID(kept["id"])})

    def as_data(self) -> dict[str, Any]:
        """As JSON values."""
        listed = {name: list(getattr(self, name)) for name in ("languages", "skills")}
        return {name: getattr(self, name) for name in self.__slots__} | listed | {"id": str(self.id)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """What a wall closes beyond the people of a team: the `queues` whose keepers are behind it, all of oversight
    (`reviewers`), and whether the outside body has the case `directly`.
    """

    queues: tuple[str, ...] = ()
    reviewers: bool = False
    directly: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Beyond":
        """From `as_data`."""
        return NOTHING_BEYOND if kept is None else cls(**{**kept, "queues": tuple(kept["queues"])})

    def as_data(self) -> dict[str, Any] | None:
        """As JSON values; None when nothing is closed."""
        if self == NOTHING_BEYOND:
            return None
        return {"queues": list(self.queues), "reviewers": self.reviewers, "directly": self.directly}


NOTHING_BEYOND = Beyond()


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who share work. Empty categories or districts mean all."""

    code: str
    organisation: str
    name: str
    categories: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()

    def covers(self, category: str, district: str | None) -> bool:
        """Whether such a concern is this team's work; a district nobody knows needs a team without districts."""
        return (not self.categories or category in self.categories) and (
            not self.districts or district in self.districts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A place where cases wait for a person, under somebody who answers for them meanwhile."""

    code: str
    organisation: str
    name: str
