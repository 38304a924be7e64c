"""What a city pack says: the city's names, districts, categories, organisations, teams and promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

Labels = Mapping[str, str]


def label(labels: Labels, language: str) -> str:
    """The label in the language, or its base language, or English."""
    return labels.get(language) or labels.get(language.partition("-")[0]) or labels["en"]


@dataclass(frozen=True, slots=True)
class Category:
    """What a concern is about. `guarded` ones (conduct, discrimination, retaliation, unsure) never reach a police team."""

    code: str
    labels: Labels
    hints: Labels
    guarded: bool = False
    safety: bool = False
    publishable: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody who answers residents: kind is police, partner or oversight."""

    code: str
    kind: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Team:
    """People who share work. Empty categories or districts mean all."""

    code: str
    organisation: str
    labels: Labels
    categories: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Queue:
    """A place where cases wait for a person; its owner (a login) answers for them meanwhile."""

    code: str
    organisation: str
    labels: Labels
    owner: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A promise: how long until a person answers. Empty categories mean all; the highest priority that fits wins."""

    code: str
    version: int
    priority: int
    first_response: timedelta
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person a demo seeds; real cities add theirs by command."""

    login: str
    name: str
    role: str
    team: str | None
    unit: str | None
    languages: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """A city pack, read and checked."""

    code: str
    names: Labels
    time_zone: ZoneInfo
    country: str
    languages: tuple[str, ...]
    emergency_number: str
    bounds: tuple[float, float, float, float]
    categories: Mapping[str, Category]
    organisations: Mapping[str, Organisation]
    teams: Mapping[str, Team]
    queues: Mapping[str, Queue]
    policies: tuple[Policy, ...]
    classifications: Mapping[str, str]
    staff: tuple[StaffMember, ...]
    districts: Mapping[str, Any]

    def name(self, language: str = "en") -> str:
        """The city's name."""
        return label(self.names, language)
