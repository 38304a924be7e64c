"""Whether the installation is quiet: nothing waits to be sent, read or handed over."""

import time
from collections.abc import Mapping
from types import TracebackType

from sqlalchemy import Engine, func, select

from commonground.databases import connected
from services.notifications.models import messages
from shared import config
from shared.bus import connect
from shared.outbox.backlog import OUTBOX, WAITING

#: What each service reads.
READ = {
    "intake": ("commonground.cases", "commonground.people"),
    "routing": ("commonground.feedback", "commonground.messages"),
    "notifications": ("commonground.cases", "commonground.feedback"),
}
LOOK_EVERY_S = 0.02
PATIENCE_S = 5.0


class Quiet:
    """Looks at the databases and the event log of an installation."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._engines: Mapping[str, Engine] = {service: connected(service, environ) for service in READ}
        self._bus = connect(config.one("bus_url", environ=environ))

    def __enter__(self) -> "Quiet":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bus.close()
        for engine in self._engines.values():
            engine.dispose()

    def wait(self) -> None:
        """Until it is quiet, but not for ever: the demo's history may be a little less neat."""
        deadline = time.monotonic() + PATIENCE_S
        while not self._is_quiet() and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)

    def _is_quiet(self) -> bool:
        if any(self._waiting(engine) for engine in self._engines.values()) or self._sending():
            return False
        return not any(self._bus.lag(f"commonground.{service}", topics).records for service, topics in READ.items())

    def _waiting(self, engine: Engine) -> int:
        with engine.connect().execution_options(read_only=True) as conn:
            return int(conn.execute(select(func.count()).select_from(OUTBOX).where(WAITING)).scalar_one())

    def _sending(self) -> int:
        busy = select(func.count()).select_from(messages).where(messages.c.state.in_(("pending", "sending")))
        with self._engines["notifications"].connect().execution_options(read_only=True) as conn:
            return int(conn.execute(busy).scalar_one())
