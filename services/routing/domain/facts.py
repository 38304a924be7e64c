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
    """What is known of a concern without reading it; the words themselves never decide."""

    kind: str
    category: str
    district: str | None
    language: str
    channel: str
    names_person: bool = False
    preferred_partner: str = "either"
    partner: str | None = None
    quarantine: str | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Facts":
        """From an event's data or a case's row."""
        return cls(**{name: told[name] for name in cls.__slots__})

    def as_data(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of a team who may own cases. Her load is given apart, for it changes with every decision."""

    id: UUID
    login: str
    name: str
    team: str
    active: bool = True
    available: bool = True


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
