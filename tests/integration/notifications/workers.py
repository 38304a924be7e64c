"""Worker processes of notifications as operators start them, on a bus file and a database of the test."""

import base64
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, func, select

from services.notifications.models import consents, messages
from shared.bus import TOPICS, Bus, connect
from shared.db import connect as connect_database
from shared.events import Event, encode, to_message
from shared.events.catalogue import EVENT_TYPES
from tests.integration.notifications.stage import KEYS, NUMBER, PUBLIC_URL, ROOT, SECRET, SID, TOKEN
from tests.servers.processes import ServerProcess, wait_until

COMMAND = [sys.executable, "-m", "commonground", "notifications", "worker"]


@dataclass
class Workers:
    """Start any number of them; publish events to them; look at what they did."""

    folder: Path
    database_url: str
    provider_url: str

    def __post_init__(self) -> None:
        self.bus_url = f"sqlite:///{self.folder / 'bus.sqlite3'}"
        self.bus: Bus = connect(self.bus_url)
        self.bus.create_topics(TOPICS)
        self.engine: Engine = connect_database(self.database_url)
        self.clock = self.folder / "clock"
        self.clock.write_text("0")
        self._processes: list[ServerProcess] = []
        self._publisher = self.bus.publisher()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "NOTIFICATIONS_DATABASE_URL": self.database_url, "BUS_URL": self.bus_url, "PUBLIC_URL": PUBLIC_URL,
            "SECRET_KEY": SECRET.decode(), "SEALING_KEYS": base64.b64encode(KEYS[0]).decode(),
            "CITY": str(ROOT / "cities/port-alder"), "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": NUMBER, "TWILIO_API_BASE": self.provider_url, "METRICS_PORT": "0",
            "CLOCK_FILE": str(self.clock), "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def start(self) -> ServerProcess:
        log = self.folder / f"worker_{len(self._processes)}.log"
        process = ServerProcess(COMMAND, log, env=self.environment)
        process.start(lambda: b"Worker started" in log.read_bytes())
        self._processes.append(process)
        return process

    def publish(self, *events: Event) -> None:
        sent = [to_message(EVENT_TYPES[event.name].topic, *encode(event)) for event in events]
        assert all(self._publisher.publish(sent, 10.0))

    def forward(self, seconds: float) -> None:
        moved = self.clock.with_suffix(".new")
        moved.write_text(str(float(self.clock.read_text()) + seconds))
        moved.rename(self.clock)

    def states(self) -> dict[str, int]:
        with self.engine.connect().execution_options(read_only=True) as conn:
            counted = select(messages.c.state, func.count()).group_by(messages.c.state)
            return {row[0]: row[1] for row in conn.execute(counted)}

    def consent(self) -> str | None:
        """What the only number allows; None before anybody asked."""
        with self.engine.connect().execution_options(read_only=True) as conn:
            status: str | None = conn.execute(select(consents.c.status)).scalar_one_or_none()
            return status

    def wait_for(self, what: str, **states: int) -> None:
        try:
            wait_until(lambda: self.states() == states, 30.0, what)
        except TimeoutError as late:
            raise AssertionError(f"{what}: {self.states()} is not {states}\n{self.logs()[-1][-3000:]}") from late

    def announced(self) -> Sequence[dict[str, Any]]:
        lag = self.bus.lag("nobody", ["commonground.messages"])
        return [orjson.loads(r.value or b"") for lane, end in lag.end.items() for r in self.bus.read(lane, 0, end)]

    def logs(self) -> list[str]:
        return [path.read_text() for path in sorted(self.folder.glob("worker_*.log"))]

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        self._publisher.close()
        self.bus.close()
        self.engine.dispose()
