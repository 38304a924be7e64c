"""Back-pressure: writes are refused while there is no room for what they would cause."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from shared.web.faults import fault
from shared.web.problems import unavailable

LOOK_EVERY_S = 1.0
RETRY_AFTER_S = 60
NO_ROOM = fault("no_room", "Nothing was kept: there is no room right now. Please try again later.")


@dataclass
class Room:
    """Whether one more write may be taken; `is_full` (such as the outbox's) is asked at most once a second."""

    engine: Engine
    is_full: Callable[[Connection], bool]
    _full: bool = field(default=False, init=False)
    _looked_at: float = field(default=float("-inf"), init=False)

    def is_left(self) -> bool:
        """Whether there is room. Raises what the database raises when it is away."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now  # first, so that only one of many waiting requests looks
            with self.engine.execution_options(read_only=True).connect() as conn:
                self._full = self.is_full(conn)
        return not self._full

    def require(self) -> None:
        """Raises Problem 503 when there is none: nothing may be written, not even half."""
        if not self.is_left():
            raise unavailable(NO_ROOM, RETRY_AFTER_S)

    def check(self) -> str | None:
        """For /readyz: the reason, or None."""
        try:
            return None if self.is_left() else "the outbox or the disk is full"
        except SQLAlchemyError:
            return "the outbox cannot be read"
