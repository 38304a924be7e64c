"""What every worker of a service stands on: database, clock, bus and outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from shared.bus import Bus
from shared.bus import connect as connect_bus
from shared.clock import Clock, clock_for
from shared.config import Settings
from shared.db import connect as connect_database
from shared.outbox.backlog import OUTBOX
from shared.outbox.bell import RelayBell, bell_for
from shared.outbox.transaction import Outbox

POOL = 8


@dataclass(frozen=True)
class Runtime:
    """The connections of one worker process. `outbox` opens transactions whose events the relay sends."""

    service: str
    settings: Settings
    engine: Engine
    clock: Clock
    bus: Bus
    bell: RelayBell
    outbox: Outbox

    @property
    def group(self) -> str:
        """The consumer group of the service, and the name its inbox knows it by."""
        return f"commonground.{self.service}"


@contextmanager
def open_runtime(service: str, settings: Settings) -> Iterator[Runtime]:
    """Connect everything for `intake`, `routing` or `notifications`, and free it at the end.

    Nothing is asked of database or bus yet: either may be away when a worker starts.
    """
    engine = connect_database(settings.database_url, pool_size=POOL)
    clock = clock_for(engine, settings.clock_file)
    bus = connect_bus(settings.bus_url)
    bell = bell_for(engine)
    outbox = Outbox(engine=engine, table=OUTBOX, source=f"/{service}", clock=clock, bell=bell)
    try:
        yield Runtime(service, settings, engine, clock, bus, bell, outbox)
    finally:
        bell.close()
        bus.close()
        engine.dispose()
