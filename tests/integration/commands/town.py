"""A whole installation without running processes: a test tells, relays and consumes step by step."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from commonground.cli.root import commonground
from commonground.demo import staff
from commonground.installation import SERVICES
from services.intake.handlers.house import SOURCE, House
from services.intake.handlers.texts import InboundText
from services.intake.models import outbox
from services.intake.worker import handlers as handlers_of_intake
from services.notifications.domain.wording import Wording
from services.notifications.handlers import REACTIONS, Office
from services.notifications.models import SOURCE as NOTIFICATIONS
from services.notifications.models import outbox as notifications_outbox
from services.notifications.worker import TEMPLATES
from services.routing.service import Routing
from services.routing.worker import reactions
from shared import cities
from shared.bus import TOPICS, Bus, connect
from shared.clock import SystemClock
from shared.config import Settings
from shared.db import connect as connect_database
from shared.db.migrations import upgrade
from shared.inbox import Consumer, Handler
from shared.outbox import Outbox
from shared.outbox.bell import LocalBell, bell_for
from shared.outbox.relay import Relay
from shared.sealing import KeyedHash, Keyring

ROOT = Path(__file__).parents[3]
SECRETS = {"SECRET_KEY": "x" * 40, "SEALING_KEYS": base64.b64encode(b"k" * 32).decode()}


def migrate(service: str, url: str) -> None:
    """An empty database becomes the service's own; routing's with the demo's people."""
    engine = connect_database(url)
    upgrade(engine, f"services.{service}")
    engine.dispose()
    if service == "routing":
        staff.sign_up(Settings.load("routing", environment({"routing": url}, "sqlite:///nowhere", Path())))


def environment(urls: Mapping[str, str], bus_url: str, folder: Path) -> dict[str, str]:
    """The settings of an operator's shell."""
    return {
        **{f"{service.upper()}_DATABASE_URL": url for service, url in urls.items()},
        "BUS_URL": bus_url,
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "CITY": str(ROOT / "cities" / "port-alder"),
        "DATA_DIR": str(folder / "var"),
        **SECRETS,
    }


@dataclass
class Town:
    """Everything of one installation."""

    environ: dict[str, str]
    bus: Bus
    engines: Mapping[str, Engine]
    house: House
    routing: Routing
    consumers: Mapping[str, Consumer]
    relays: Mapping[str, Relay]

    @classmethod
    def open(cls, environ: dict[str, str]) -> "Town":
        settings = {service: Settings.load(service, environ) for service in SERVICES}
        engines = {service: connect_database(settings[service].database_url) for service in SERVICES}
        bus = connect(settings["intake"].bus_url)
        bus.create_topics(TOPICS)
        bell, clock = bell_for(engines["intake"]), SystemClock()
        house = House.build(
            settings["intake"], cities.load(settings["intake"].city), engines["intake"], clock, bell
        )
        front = Outbox(engines["intake"], outbox, SOURCE, clock, bell)
        relays = {"intake": Relay(front, bus, bell)}
        routing = Routing.assemble(settings["routing"])
        relays["routing"] = Relay(routing.outbox, bus, routing.bell)
        reacting = reactions(routing.office)
        consumers = {
            "intake": _intake(settings["intake"], bus, front),
            "routing": Consumer(bus, "commonground.routing", reacting, routing.outbox),
            "notifications": _notifications(settings["notifications"], bus, engines["notifications"]),
        }
        return cls(environ, bus, engines, house, routing, consumers, relays)

    def close(self) -> None:
        for consumer in self.consumers.values():
            consumer.close()
        for relay in self.relays.values():
            relay.close()
        self.house.bell.close()
        self.routing.close()
        for engine in self.engines.values():
            engine.dispose()
        self.bus.close()

    def tell(self, text: str = "The light at the crossing is out.", **more: Any) -> str:
        """A concern at the front door; its receipt."""
        payload = {"text": text, "category": "traffic", "location": {"district": "9"}, **more}
        concern = self.house.understanding.concern(payload, "api")
        return str(self.house.acceptance.accept(concern, "resident", None).receipt)

    def text(self, body: str, sender: str = "+12155550142", sid: str = "SM1") -> str:
        """A text; what became of it."""
        return self.house.texts.receive(InboundText(sid, sender, body)).outcome

    def relay(self, service: str = "intake") -> None:
        """Send what waits."""
        while self.relays[service].step():
            pass

    def consume(self, service: str) -> None:
        """Let a service handle what is there."""
        consumer, deadline = self.consumers[service], time.monotonic() + 30
        while consumer.step(0.05) or self.bus.lag(consumer.group, consumer.topics).records:
            assert time.monotonic() < deadline, f"{service} does not come to an end"

    def command(self, *args: str) -> Result:
        """A command in an operator's shell."""
        return CliRunner().invoke(commonground, args, env=self.environ)

    def told(self, *args: str) -> Any:
        """What a command says to programs; its exit code with it, for commands that count."""
        done = self.command(*args, "--json")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        answer = json.loads(done.stdout)
        return {**answer, "exit": done.exit_code} if isinstance(answer, dict) else answer


def _intake(settings: Settings, bus: Bus, box: Outbox) -> Consumer:
    return Consumer(bus, "commonground.intake", handlers_of_intake(Keyring(settings.sealing_keys)), box)


def _notifications(settings: Settings, bus: Bus, engine: Engine) -> Consumer:
    office = Office(
        keyring=Keyring(settings.sealing_keys),
        hashes=KeyedHash(settings.secret_key),
        wording=Wording(TEMPLATES),
        city=cities.load(settings.city),
        track_url="http://127.0.0.1:8000/track",
        wake=lambda: None,
    )
    react: Callable[..., None] = REACTIONS["consent.changed"]
    handlers: dict[str, Handler] = {"consent.changed": partial(react, office)}
    box = Outbox(engine, notifications_outbox, NOTIFICATIONS, SystemClock(), LocalBell())
    return Consumer(bus, "commonground.notifications", handlers, box)
