"""What a city pack says: the city's names, districts, categories, organisations, teams and promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from shared.cities.districts import Districts
from shared.cities.labels import Labels, label
from shared.cities.policies import Policy
from shared.cities.walls import Walls
from shared.hours import Calendar

#: Guarded in every city, whatever its pack says: a police team must never be handed what it may be about.
ALWAYS_GUARDED = frozenset(
    {"force", "authority", "discourtesy", "language", "untruthful", "discrimination", "retaliation", "unsure"}
)


@dataclass(frozen=True, slots=True)
class Category:
    """What a concern is about. Guarded ones (conduct, retaliation, unsure …) never reach a police team."""

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
class Words:
    """Words of one language, in lower case, that send a text to oversight.

    A name after a title, or a number after a badge word, names a person; a conduct word tells how police behaved,
    and so does a word for police with a word for a wrong act in the same text. `*` ends a beginning of words.
    """

    titles: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    conduct: tuple[str, ...] = ()
    police: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person a demo seeds; real cities add theirs by command."""

    login: str
    name: str
    role: str
    team: str | None
    unit: str | None
    languages: tuple[str, ...]
    badge: str | None = None
    reports_to: str | None = None


@dataclass(frozen=True)
class City:
    """A city pack, read and checked. `bounds` are west, south, east, north in degrees (as in RFC 7946)."""

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
    districts: Districts
    words: Mapping[str, Words] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    walls: Walls = field(default_factory=Walls)

    def name(self, language: str = "en") -> str:
        """The city's name."""
        return label(self.names, language)

    def district_at(self, lat: float, lon: float) -> str | None:
        """The code of the district the point lies in; None outside all of them."""
        return self.districts.at(lat, lon)

    def policy_for(self, category: str, *, code: str | None = None, **facts: str | None) -> Policy:
        """The promise for a concern: of those that fit, the one with the highest priority.

        `code` names one outright. `facts` are the concern's kind, district, language and channel, as far as
        they are known.
        """
        named = [policy for policy in self.policies if policy.code == code]
        fitting = named or [policy for policy in self.policies if policy.fits({"category": category, **facts})]
        return max(fitting, key=lambda policy: policy.priority)

    def category_of(self, classification: str) -> str | None:
        """The category a classification of other records means, whatever its case; None if unknown."""
        return self.classifications.get(plain(classification))

    def is_guarded(self, category: str) -> bool:
        """Whether a concern about it must not reach a police team; an unknown category is guarded."""
        known = self.categories.get(category)
        return known is None or known.guarded or category in ALWAYS_GUARDED


def plain(words: str) -> str:
    """Lower case and single spaces, for comparing what people typed."""
    return " ".join(words.casefold().split())
