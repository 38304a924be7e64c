"""What every part of routing works with besides the database: the city, its arrangement, keys and hashes."""

from dataclasses import dataclass

from services.routing.domain.directory import Directory
from services.routing.domain.facts import Queue, Team
from services.routing.terms import TermsBook
from shared.cities import City, label
from shared.cities import Queue as CityQueue
from shared.config import Settings
from shared.sealing import KeyedHash, Keyring


@dataclass(frozen=True)
class Office:
    """The city pack, the directory made of it for decisions, keys that open cases, the hash of secrets, terms."""

    city: City
    directory: Directory
    keyring: Keyring
    hashes: KeyedHash
    terms: TermsBook

    @classmethod
    def of(cls, city: City, settings: Settings) -> "Office":
        """Made once per process."""
        return cls(
            city=city,
            directory=directory_of(city),
            keyring=Keyring(settings.sealing_keys),
            hashes=KeyedHash(settings.secret_key),
            terms=TermsBook(city),
        )


def directory_of(city: City) -> Directory:
    """The city pack as decisions read it."""
    outside = city.walls.outside
    return Directory(
        kinds={code: organisation.kind for code, organisation in city.organisations.items()},
        guarded=frozenset(filter(city.is_guarded, city.categories)),
        categories=frozenset(city.categories),
        teams=tuple(
            Team(
                code=team.code,
                organisation=team.organisation,
                name=label(team.labels, "en"),
                categories=team.categories,
                districts=team.districts,
            )
            for team in city.teams.values()
            if team.organisation != outside  # no rule gives it work
        ),
        queues=tuple(_queue(queue) for queue in city.queues.values()),
        outside=next((_queue(queue) for queue in city.queues.values() if queue.organisation == outside), None),
    )


def _queue(queue: CityQueue) -> Queue:
    return Queue(code=queue.code, organisation=queue.organisation, name=label(queue.labels, "en"))
