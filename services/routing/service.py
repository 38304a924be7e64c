"""Routing put together: its database, its outbox, its office. Made once per process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from services.routing.desk import Desk
from services.routing.domain.sight import Actor
from services.routing.models import outbox as outbox_table
from services.routing.office import Office
from shared import cities
from shared.clock import Clock, clock_for
from shared.config import Settings
from shared.db import connect
from shared.outbox import Outbox, Transaction
from shared.outbox.bell import RelayBell, bell_for

SOURCE = "/routing"


@dataclass(frozen=True)
class Routing:
    """What `app.py`, `worker.py` and the command open."""

    engine: Engine
    clock: Clock
    bell: RelayBell
    outbox: Outbox
    office: Office

    @classmethod
    def assemble(cls, settings: Settings, *, pool_size: int = 5) -> "Routing":
        """Open the database and read the city pack. Nothing is sent to the database yet."""
        engine = connect(settings.database_url, pool_size=pool_size)
        clock = clock_for(engine, settings.clock_file)
        bell = bell_for(engine)
        outbox = Outbox(engine, outbox_table, SOURCE, clock, bell)
        return cls(engine, clock, bell, outbox, Office.of(cities.load(settings.city), settings))

    def close(self) -> None:
        """Free the connections."""
        self.bell.close()
        self.engine.dispose()

    @contextmanager
    def desk(self, actor: Actor) -> Iterator[Desk]:
        """A desk whose changes and events are committed together at the end."""
        with self.outbox.transaction() as tx:
            yield Desk(tx, actor, self.office)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Desk]:
        """A desk for looking only; SQLite's writers are not kept waiting by it."""
        now = self.clock.now()
        with self.engine.connect().execution_options(read_only=True) as conn, conn.begin():
            yield Desk(Transaction(conn=conn, now=now, source=SOURCE), actor, self.office)
