"""A service small enough to see through: it records what it handled and emits one event for each."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Uuid, select

from shared.bus import TOPICS, Bus, Message
from shared.bus import connect as connect_bus
from shared.db import connect, insert_rows
from shared.events import Event, encode, from_record, to_message
from shared.events.catalogue import EVENT_TYPES
from shared.ids import new_id
from shared.inbox import Consumer, Handler, add_inbox
from shared.inbox.tables import INBOX, PARKED
from shared.leases import Leases, add_leases
from shared.outbox import Outbox, Transaction, add_outbox
from shared.outbox.backlog import OUTBOX
from shared.outbox.bell import RelayBell, bell_for
from shared.outbox.relay import Relay
from shared.outbox.tables import SHARDS
from shared.timers import add_timers

METADATA = MetaData()
for add in (add_outbox, add_inbox, add_timers, add_leases):
    add(METADATA)
#: One row per effect; no key forbids a second one, so that doing something twice shows.
EFFECTS = Table(
    "effects",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("name", String(64), nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("sequence", Integer, nullable=False),
)
SAMPLES: dict[str, dict[str, Any]] = {
    "note.added": {"note_id": str(UUID(int=1)), "by": str(UUID(int=2)), "at": "2026-01-05T10:00:00Z"},
    "message.recorded": {"message_id": str(UUID(int=3)), "channel": "web", "at": "2026-01-05T10:00:00Z"},
    "response.overdue": {"clock": "first_response", "due_at": "2026-01-05T10:00:00Z", "late_by_s": 1.5},
    "person.changed": {
        "role": "liaison", "team": None, "organisation": None, "active": True, "tokens": [],
    },
}  # fmt: skip


@dataclass
class MovedClock:
    """The real time plus what a test adds."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass
class Station:
    """Database, bus and outbox of the sample service, and what a test asks of them."""

    engine: Engine
    bus_url: str
    bus: Bus
    clock: MovedClock
    bell: RelayBell
    outbox: Outbox
    opened: list[Any] = field(default_factory=list)

    @classmethod
    def open(cls, database_url: str, bus_url: str) -> "Station":
        engine, bus, clock = connect(database_url), connect_bus(bus_url), MovedClock()
        METADATA.create_all(engine)
        bus.create_topics(TOPICS)
        bell = bell_for(engine)
        return cls(engine, bus_url, bus, clock, bell, Outbox(engine, OUTBOX, "/routing", clock, bell))

    def close(self) -> None:
        for thing in self.opened:
            thing.close()
        self.bell.close()
        self.bus.close()
        self.engine.dispose()

    def consumer(self, handlers: Mapping[str, Handler] | None = None, **options: Any) -> Consumer:
        made = Consumer(self.bus, "commonground.sample", handlers or {"note.added": record}, self.outbox, **options)
        self.opened.append(made)
        return made

    def relay(self, bus: Any = None, **lease: Any) -> Relay:
        leases = Leases(self.engine, self.clock, "outbox", SHARDS, **lease)
        return Relay(self.outbox, bus or self.bus, bell_for(self.engine), leases=leases)

    def publish(self, *events: Event) -> None:
        """Put events on the bus as another service's relay would."""
        messages = [to_message(EVENT_TYPES[event.name].topic, *encode(event)) for event in events]
        self.put(*messages)

    def put(self, *messages: Message) -> None:
        publisher = self.bus.publisher()
        assert all(publisher.publish(messages, 10.0))
        publisher.close()

    def emit(self, subject: UUID, *sequences: int, name: str = "note.added") -> None:
        """Commit events into the outbox, one transaction each."""
        for sequence in sequences:
            with self.outbox.transaction() as tx:
                tx.emit(name, subject, sequence, SAMPLES[name])

    def unsent(self) -> list[int]:
        """Sequences that are still to be sent."""
        return sorted(row.sequence for row in self.rows(OUTBOX) if row.sent_at is None)

    def on_bus(self) -> list[tuple[UUID, int]]:
        """(subject, sequence) of every case event on the bus, in order per lane."""
        reader = self.bus.subscriber(f"reader-{new_id()}", ["commonground.cases"])
        events = []
        while records := reader.poll(500, 0.2):
            events += [from_record(record) for record in records]
        reader.close()
        return [(event.subject, event.sequence) for event in events]

    def effects(self) -> list[tuple[UUID, int]]:
        """(subject, sequence) of every effect, in the order they were committed."""
        with self.engine.connect() as conn:
            rows = conn.execute(select(EFFECTS.c.subject, EFFECTS.c.sequence).order_by(EFFECTS.c.id))
            return [(row.subject, row.sequence) for row in rows]

    def rows(self, table: Table) -> list[Any]:
        with self.engine.connect() as conn:
            return list(conn.execute(select(table)))

    def parked(self) -> dict[int | None, str]:
        """Sequence → reason of everything put aside."""
        return {row.sequence: row.reason for row in self.rows(PARKED)}

    def handled(self) -> int:
        return len(self.rows(INBOX))


def note(subject: UUID, sequence: int, name: str = "note.added", **fields: Any) -> Event:
    """An event of a case, as routing publishes it."""
    data = {**SAMPLES[name], **fields}
    return Event(
        id=new_id(), source="/routing", type=EVENT_TYPES[name].type, subject=subject, sequence=sequence,
        time=datetime.now(UTC), data=data, correlationid=f"correlation-{sequence}",
    )  # fmt: skip


def record(tx: Transaction, events: Sequence[Event]) -> None:
    """The effect: one row per event."""
    rows = [{"event_id": e.id, "name": e.name, "subject": e.subject, "sequence": e.sequence} for e in events]
    insert_rows(tx.conn, EFFECTS, rows)


def drain(consumer: Consumer, rounds: int = 200) -> None:
    """Step until nothing moves three times in a row."""
    quiet = 0
    for _ in range(rounds):
        quiet = 0 if consumer.step(0.05) else quiet + 1
        if quiet >= 3:
            return
    raise AssertionError("the consumer does not come to rest")


def step_until(consumer: Consumer, condition: Callable[[], bool]) -> None:
    """Step until something that others asked for is done; the consumer looks for that once a second."""

    def stepped() -> bool:
        consumer.step(0.05)
        return condition()

    until(stepped)


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something another thread or process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
