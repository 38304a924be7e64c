"""The account itself: both sides and what is under way between them, read in an order that loses nothing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from commonground.reconciliation import back, front
from commonground.reconciliation.carried import CONSENT, TAKEN_BY, Carried, carried_by
from shared.bus import Bus
from shared.deadletters import count_dead
from shared.events.catalogue import EVENT_TYPES

TRIES = 5


@dataclass(frozen=True)
class Account:
    """What was accepted, and what it is now. `dead_letters` are among `in_flight` as far as they carry an item."""

    accepted: int
    cases: int
    replies: int
    consent: int
    quarantined: int
    in_flight: int
    unowned: int
    dead_letters: int

    @property
    def found(self) -> int:
        """Everything that is somewhere."""
        return self.cases + self.replies + self.consent + self.quarantined + self.in_flight

    @property
    def agrees(self) -> bool:
        """Whether nothing is lost, nothing is doubled, and every open case is somebody's."""
        return self.accepted == self.found and self.unowned == 0

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "agrees": self.agrees}


class Reconciliation:
    """Reads the three databases and the bus. Nothing is locked and nobody has to stop."""

    def __init__(self, engines: Mapping[str, Engine], bus: Bus) -> None:
        self._engines = engines
        self._bus = bus

    def account(self) -> Account:
        """The account of now. While people write, it is taken again until nothing came in between."""
        for _ in range(TRIES):
            account, later = self._once()
            if later == account.accepted:
                return account
        # It never stood still: what was found lies between what was accepted before and after.
        return replace(account, accepted=min(max(account.found, account.accepted), later))

    def _once(self) -> tuple[Account, int]:
        """Along the way of an event, so that one that moves meanwhile is seen twice rather than never."""
        with self._reading("intake") as conn:
            before = front.front(conn)
        under_way = {event.id: event for event in (*before.unsent, *self._on_the_bus(), *self._parked())}
        with self._reading("routing") as conn:
            casework = back.casework(conn, _taken_by("routing", under_way))
        with self._reading("notifications") as conn:
            obeyed = back.obeyed(conn, before.numbers)
            handled = casework.known | back.known(conn, _taken_by("notifications", under_way))
        waiting = [event for event in under_way.values() if event.id not in handled]
        said, consent = _sorted_out(waiting)
        account = Account(
            accepted=before.accepted,
            cases=casework.cases,
            replies=casework.replies,
            consent=sum(
                _done(known, obeyed.get(point, 0), consent[point]) for point, known in before.numbers.items()
            ),
            quarantined=casework.quarantined,
            in_flight=len(said) + sum(_items(it, consent[point]) for point, it in before.numbers.items()),
            unowned=casework.unowned,
            dead_letters=self._dead(),
        )
        with self._reading("intake") as conn:
            return account, front.accepted(conn)

    def _on_the_bus(self) -> list[Carried]:
        found: list[Carried] = []
        for service in sorted(set(TAKEN_BY.values())):
            topics = sorted({EVENT_TYPES[name].topic for name, by in TAKEN_BY.items() if by == service})
            lag = self._bus.lag(f"commonground.{service}", topics)
            for lane, end in lag.end.items():
                start = lag.committed.get(lane, 0)
                if start < end:
                    records = carried_by(self._bus.read(lane, start, end))
                    found += [event for event in records if TAKEN_BY[event.name] == service]
        return found

    def _parked(self) -> list[Carried]:
        found: list[Carried] = []
        for service in sorted(set(TAKEN_BY.values())):
            with self._reading(service) as conn:
                found += [event for event in back.parked(conn) if TAKEN_BY[event.name] == service]
        return found

    def _dead(self) -> int:
        dead = 0
        for service in self._engines:
            with self._reading(service) as conn:
                dead += count_dead(conn)
        return dead

    @contextmanager
    def _reading(self, service: str) -> Iterator[Connection]:
        """A connection that sees one moment, whatever others commit."""
        engine = self._engines[service]
        options: dict[str, Any] = {"read_only": True}
        if engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        with engine.connect().execution_options(**options) as conn, conn.begin():
            yield conn


def _taken_by(service: str, under_way: Mapping[UUID, Carried]) -> set[UUID]:
    return {event.id for event in under_way.values() if TAKEN_BY[event.name] == service}


def _sorted_out(waiting: list[Carried]) -> tuple[list[Carried], dict[UUID, list[Carried]]]:
    """What residents said, and their changes of consent by number."""
    consent: dict[UUID, list[Carried]] = defaultdict(list)
    said = [event for event in waiting if event.name != CONSENT]
    for event in waiting:
        if event.name == CONSENT:
            consent[event.subject].append(event)
    return said, consent


def _items(number: front.Numbers, waiting: list[Carried]) -> int:
    """Texts under way that are nothing but a keyword. A keyword may also answer a question: that is a reply."""
    return min(number.texts, sum(event.is_item for event in waiting))


def _done(number: front.Numbers, obeyed: int, waiting: list[Carried]) -> int:
    """Keyword texts that have had their effect. What is neither handled nor under way is lost, and missing here."""
    lost = max(0, number.events - obeyed - len(waiting))
    return max(0, number.texts - _items(number, waiting) - lost)
