"""A small city at work: people, concerns that arrive over a real bus, commands, and what was published."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy import func, select

from services.routing.domain.sight import Actor
from services.routing.domain.states import OPEN
from services.routing.handlers.people import NewPerson, add_person
from services.routing.models import cases, history, outbox, people
from services.routing.queries.actors import actor_by_id
from services.routing.service import Routing
from services.routing.worker import reactions, rings
from shared.bus import TOPICS, Bus, connect
from shared.config import Settings
from shared.db import connect as connect_database
from shared.db.migrations import upgrade
from shared.events import Event, encode, full_type, to_message
from shared.events.catalogue import EVENT_TYPES
from shared.events.sealed import seal_for, sealed_fields
from shared.ids import new_id
from shared.inbox import Consumer
from shared.timers import Timers
from tests.integration.routing.town import around_the_clock

PASSWORD = "lanterns over the quiet harbour"


def prepare(url: str) -> None:
    """Migrate an empty database."""
    engine = connect_database(url)
    upgrade(engine, "services.routing")
    engine.dispose()


def settings_for(url: str, folder: Path) -> Settings:
    return Settings.load(
        "routing",
        {
            "ROUTING_DATABASE_URL": url,
            "BUS_URL": f"sqlite:///{folder / 'bus.sqlite3'}",
            "PUBLIC_URL": "http://localhost:8000",
            "SECRET_KEY": "x" * 40,
            "SEALING_KEYS": base64.b64encode(b"k" * 32).decode(),
            "CITY": str(around_the_clock(folder / "city")),
            "CLOCK_FILE": str(folder / "clock"),
            "LIMIT_SIGN_IN": "8/hour",
        },
    )


@dataclass
class World:
    """`told` and `wrote` come from residents, `desk` belongs to staff, `published` is what went out."""

    routing: Routing
    settings: Settings
    bus: Bus
    folder: Path
    _sent: dict[tuple[str, UUID], int] = field(default_factory=dict)

    @classmethod
    def open(cls, url: str, folder: Path) -> "World":
        settings = settings_for(url, folder)
        bus = connect(settings.bus_url)
        bus.create_topics(TOPICS)
        return cls(Routing.assemble(settings), settings, bus, folder)

    def close(self) -> None:
        self.bus.close()
        self.routing.close()

    def consumer(self) -> Consumer:
        return Consumer(self.bus, "commonground.routing", reactions(self.routing.office), self.routing.outbox)

    # --- people -----------------------------------------------------------------------------------

    def person(self, login: str, role: str = "liaison", team: str | None = None, **more) -> Actor:
        name = more.pop("name", None) or login.title()
        new = NewPerson(login=login, name=name, role=role, team=team, **more)
        with self.routing.outbox.transaction() as tx:
            person_id = add_person(tx, self.routing.office, new)
        return self.actor(person_id)

    def actor(self, person_id: UUID) -> Actor:
        with self.routing.engine.connect() as conn:
            actor = actor_by_id(conn, person_id)
        assert actor is not None
        return actor

    def staff(self) -> dict[str, Actor]:
        """Two of Harbour (districts 1, 3, 17), a supervisor, a partner, two of oversight, an administrator."""
        made = [
            self.person("ash", team="harbour"),
            self.person("birch", team="harbour"),
            self.person("cedar", team="orchard"),
            self.person("sage", role="supervisor"),
            self.person("willow", role="partner", team="lantern-house"),
            self.person("laurel", role="oversight", team="oversight"),
            self.person("linden", role="oversight", team="oversight"),
            self.person("admin", role="administrator"),
            self.person("audit", role="auditor"),
        ]
        return {actor.login: self.actor(actor.id) for actor in made}

    # --- residents --------------------------------------------------------------------------------

    def feedback(
        self, category: str = "noise", district: str | None = "1", text: str = "It is loud", **more
    ) -> Event:
        case_id = new_id()
        key = self.routing.office.keyring.new_key()
        sealed: dict[str, object] = {
            "text": text,
            "location": None,
            "occurred_at": None,
            "contact": None,
            "named_people": [],
        }
        sealed |= more.pop("sealed", {})
        data = {
            "kind": "concern", "category": category, "language": "en", "channel": "web", "district": district,
            "about": None, "anonymous": False, "preferred_partner": "either", "partner": None,
            "names_person": False, "show_publicly": False, "contact_by": "none", "quarantine": None,
            "received_at": self.routing.clock.now().isoformat(),
            **more, **sealed_fields(key, seal_for(key, "feedback.received", sealed)),
        }  # fmt: skip
        return self._event("feedback.received", case_id, data)

    def told(self, category: str = "noise", district: str | None = "1", text: str = "It is loud", **more) -> UUID:
        """A concern that has arrived and been handled; the case's id."""
        event = self.feedback(category, district, text, **more)
        self.deliver(event)
        return event.subject

    def wrote(self, case_id: UUID, text: str = "Any news?", **more) -> UUID:
        message_id = new_id()
        key = self.routing.office.keyring.open_key(self.case(case_id)["key_wrapped"])
        data = {
            "message_id": str(message_id), "channel": "web", "received_at": self.routing.clock.now().isoformat(),
            **more, **sealed_fields(key, seal_for(key, "message.received", {"text": text})),
        }  # fmt: skip
        self.deliver(self._event("message.received", case_id, data))
        return message_id

    def arriving(self, name: str, subject: UUID, data: dict) -> Event:
        """An event of another service, the next of its source about the subject."""
        return self._event(name, subject, data)

    def _event(self, name: str, subject: UUID, data: dict) -> Event:
        stream = (EVENT_TYPES[name].source, subject)
        self._sent[stream] = self._sent.get(stream, 0) + 1
        return Event(
            id=new_id(), source=EVENT_TYPES[name].source, type=full_type(name), subject=subject,
            sequence=self._sent[stream], time=self.routing.clock.now(), data=data, correlationid=str(new_id()),
        )  # fmt: skip

    def publish(self, *events: Event) -> None:
        publisher = self.bus.publisher()
        messages = [to_message(EVENT_TYPES[event.name].topic, *encode(event)) for event in events]
        assert all(publisher.publish(messages, 5.0))
        publisher.close()

    def deliver(self, *events: Event) -> None:
        """Publish and let one consumer handle everything there is."""
        self.publish(*events)
        self.consume()

    def consume(self) -> None:
        consumer = self.consumer()
        while consumer.step():
            pass
        consumer.close()

    # --- time -------------------------------------------------------------------------------------

    def later(self, **by: float) -> None:
        """Let time pass for every clock, then let due timers ring."""
        clock = self.folder / "clock"
        passed = float(clock.read_text()) if clock.exists() else 0.0
        clock.write_text(str(passed + timedelta(**by).total_seconds()))
        timers = Timers(self.routing.outbox, rings(self.routing.office))
        while timers.step():
            pass

    # --- what stands there ------------------------------------------------------------------------

    def desk(self, actor: Actor):
        return self.routing.desk(self.actor(actor.id))

    def case(self, case_id: UUID) -> dict:
        with self.routing.engine.connect() as conn:
            return dict(conn.execute(select(cases).where(cases.c.id == case_id)).mappings().one())

    def published(self, subject: UUID) -> list[tuple[str, dict]]:
        """(type, data) of every event about the subject, in order."""
        wanted = select(outbox).where(outbox.c.item_id == subject).order_by(outbox.c.sequence)
        with self.routing.engine.connect() as conn:
            rows = conn.execute(wanted).all()
        assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
        return [
            (orjson.loads(row.attributes)["type"].split(".", 2)[2][:-3], orjson.loads(row.body)) for row in rows
        ]

    def event_ids(self, subject: UUID) -> list[UUID]:
        with self.routing.engine.connect() as conn:
            return list(conn.scalars(select(outbox.c.event_id).where(outbox.c.item_id == subject)))

    def names(self, subject: UUID) -> list[str]:
        return [name for name, _ in self.published(subject)]

    def entries(self, case_id: UUID) -> list[dict]:
        wanted = select(history).where(history.c.case_id == case_id).order_by(history.c.sequence)
        with self.routing.engine.connect() as conn:
            return [dict(row) for row in conn.execute(wanted).mappings()]

    def loads_agree(self) -> bool:
        """Whether every person's load is what counting her open cases gives."""
        counted = (
            select(cases.c.owner_id, func.count().label("n"))
            .where(cases.c.state.in_(sorted(OPEN)), cases.c.owner_id.is_not(None))
            .group_by(cases.c.owner_id)
        )
        with self.routing.engine.connect() as conn:
            truth = {row.owner_id: row.n for row in conn.execute(counted)}
            kept = {row.id: row.open_cases for row in conn.execute(select(people.c.id, people.c.open_cases))}
        return kept == {person: truth.get(person, 0) for person in kept}
