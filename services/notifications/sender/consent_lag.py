"""How far this service may be behind a STOP that residents have already said.

A number of unread records says nothing about time. So the end of the topic is noted with the moment, and
once the group has read past that end, it was current at that moment.
"""

import time
from dataclasses import dataclass, field

from shared.bus import Bus, BusUnavailable, Lag
from shared.pulse import Pulse

TOPIC = "commonground.feedback"
LIMIT_S = 5.0
EVERY_S = 0.5


@dataclass
class ConsentLag:
    """Looks at the group's offsets on the topic that carries consent.changed."""

    bus: Bus
    group: str
    _current_at: float = field(default=float("-inf"), init=False)
    _mark: tuple[float, Lag] | None = field(default=None, init=False)

    def is_current(self) -> bool:
        """Whether everything said more than 5 s ago has been read."""
        return time.monotonic() - self._current_at <= LIMIT_S

    def look(self) -> None:
        """Measure once. Without an answer the last measurement ages."""
        asked_at = time.monotonic()
        try:
            lag = self.bus.lag(self.group, [TOPIC])
        except BusUnavailable:
            return
        if lag.records == 0:
            self._current_at, self._mark = asked_at, None
        elif self._mark is None:
            self._mark = (asked_at, lag)
        elif _read_past(lag, self._mark[1]):
            self._current_at, self._mark = self._mark[0], (asked_at, lag)

    def run(self, pulse: Pulse) -> None:
        """Measure twice a second until it is told to stop."""
        while not pulse.stopping:
            self.look()
            pulse.wait(EVERY_S)


def _read_past(now: Lag, then: Lag) -> bool:
    return all(now.committed.get(lane, 0) >= end for lane, end in then.end.items())
