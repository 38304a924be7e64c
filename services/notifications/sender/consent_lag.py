"""How far this service may be behind a STOP that residents have already said.

A number of unread records says nothing about time. So the end of the topic is noted with the moment, and
once the group has read past that end, it was current at that moment. What was read but put aside counts
as not known either, dead letters included: then better no automatic text than one after a STOP.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, select

from services.notifications.models import parked
from shared.bus import Bus, BusUnavailable, Lag
from shared.events.catalogue import EVENT_TYPES
from shared.failures import Patience
from shared.outbox import Outbox
from shared.pulse import Pulse

CONSENT = EVENT_TYPES["consent.changed"]
ANY_VERSION = CONSENT.type.rpartition(".v")[0] + ".v"
LIMIT_S = 5.0
EVERY_S = 0.5


@dataclass
class ConsentLag:
    """Looks at the group's offsets on the topic that carries consent.changed, and at what is put aside."""

    bus: Bus
    group: str
    outbox: Outbox
    _current_at: float = field(default=float("-inf"), init=False)
    _mark: tuple[float, Lag] | None = field(default=None, init=False)

    def is_current(self) -> bool:
        """Whether everything said more than 5 s ago is known here."""
        return time.monotonic() - self._current_at <= LIMIT_S

    def look(self) -> None:
        """Measure once. Without an answer the last measurement ages."""
        with self.outbox.engine.connect().execution_options(read_only=True) as conn:
            if self._put_aside(conn, self.outbox.clock.now()):
                self._current_at, self._mark = float("-inf"), None
                return
        asked_at = time.monotonic()
        try:
            self._compare(asked_at, self.bus.lag(self.group, [CONSENT.topic]))
        except BusUnavailable:
            return

    def run(self, pulse: Pulse) -> None:
        """Measure twice a second until it is told to stop."""
        patience = Patience("consent-lag", pulse)
        while not pulse.stopping:
            try:
                self.look()
                patience.rewarded()
            except Exception as error:  # noqa: BLE001 - raised again unless it is an outage
                patience.wait_out(error)
            pulse.wait(EVERY_S)

    def _compare(self, asked_at: float, lag: Lag) -> None:
        if lag.records == 0:
            self._current_at, self._mark = asked_at, None
        elif self._mark is None:
            self._mark = (asked_at, lag)
        elif _read_past(lag, self._mark[1]):
            self._current_at, self._mark = self._mark[0], (asked_at, lag)

    def _put_aside(self, conn: Connection, now: datetime) -> bool:
        """Whether somebody's word about texts waits here for longer than it may."""
        waiting = select(parked.c.event_id).where(
            parked.c.consumer == self.group,
            _may_be_consent(),
            parked.c.first_at < now - timedelta(seconds=LIMIT_S),
        )
        return conn.execute(waiting.limit(1)).first() is not None


def _may_be_consent() -> ColumnElement[bool]:
    """A change of consent of any version, or what nobody could read on the topic that carries them."""
    unread = parked.c.type.is_(None) & (parked.c.topic == CONSENT.topic)
    return or_(parked.c.type.startswith(ANY_VERSION, autoescape=True), unread)


def _read_past(now: Lag, then: Lag) -> bool:
    return all(now.committed.get(lane, 0) >= end for lane, end in then.end.items())
