"""Measures what waits to be sent, which providers are left alone, and whether STOPs are known in time."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, func, select

from services.notifications.domain.delivery import HELD, OPEN_STATES, PENDING
from services.notifications.models import messages
from services.notifications.sender.breakers import breaker_of
from services.notifications.sender.port import Provider
from services.notifications.sender.providers import CHANNELS
from shared import metrics
from shared.failures import Patience
from shared.pulse import Pulse
from shared.worker import Runtime

EVERY_S = 5.0


class SenderWatch:
    """One thread beside the sender; nothing it does is needed for a message to go out."""

    def __init__(
        self, runtime: Runtime, providers: Mapping[str, Provider], consents_current: Callable[[], bool]
    ) -> None:
        self._runtime = runtime
        self._providers = providers
        self._consents_current = consents_current

    def run(self, pulse: Pulse) -> None:
        """Measure every few seconds until it is told to stop."""
        patience = Patience("sender-watch", pulse)
        while not pulse.wait(EVERY_S):
            try:
                self.look()
                patience.rewarded()
            except Exception as error:  # noqa: BLE001 - raised again unless it is an outage
                patience.wait_out(error)

    def look(self) -> None:
        """Measure once."""
        metrics.CONSENTS_CURRENT.set(self._consents_current())
        with self._runtime.engine.connect().execution_options(read_only=True) as conn:
            self._count(conn)
            for provider in self._providers.values():
                metrics.BREAKER_OPEN.labels(provider.name).set(
                    breaker_of(conn, provider.name).opened_at is not None
                )

    def _count(self, conn: Connection) -> None:
        counted = select(messages.c.channel, messages.c.state, func.count()).where(
            messages.c.state.in_(OPEN_STATES)
        )
        found = {(row[0], row[1]): row[2] for row in conn.execute(counted.group_by(*counted.selected_columns[:2]))}
        for channel in CHANNELS:
            metrics.CHANNEL_READY.labels(channel).set(channel in self._providers)
            for state in OPEN_STATES:
                metrics.MESSAGES.labels(channel, state).set(found.get((channel, state), 0))
        waiting = select(func.min(messages.c.created_at)).where(messages.c.state.in_((PENDING, HELD)))
        oldest = conn.execute(waiting).scalar()
        age = (self._runtime.clock.now() - oldest).total_seconds() if oldest else 0.0
        metrics.MESSAGES_OLDEST.set(max(age, 0.0))
