"""The circuit breaker of a provider: after repeated failures nobody calls it but one probe at a time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CONSECUTIVE = 5
WINDOW = 20
PROBE_AFTER = timedelta(seconds=30)
OK, FAILED = ".", "x"


@dataclass(frozen=True, slots=True)
class Breaker:
    """`recent` holds the last 20 results, oldest first. Open since `opened_at` or since the last probe began."""

    recent: str = ""
    opened_at: datetime | None = None
    probing: bool = False

    def permits(self, now: datetime) -> bool:
        """Whether the provider may be called now; when it is open, only as the one probe (see `probe`)."""
        return self.opened_at is None or now - self.opened_at >= PROBE_AFTER

    def probe(self, now: datetime) -> "Breaker":
        """The breaker while its probe is under way: closed to others for another 30 s."""
        return replace(self, opened_at=now, probing=True)

    def after(self, *, failed: bool, now: datetime) -> "Breaker":
        """The breaker after one more result."""
        if self.opened_at is not None:
            return self._settled(failed=failed, now=now)
        recent = (self.recent + (FAILED if failed else OK))[-WINDOW:]
        return replace(self, recent=recent, opened_at=now if failed and _trips(recent) else None)

    def _settled(self, *, failed: bool, now: datetime) -> "Breaker":
        if not self.probing:
            return self  # a call from before it opened came back: it says nothing new
        return replace(self, opened_at=now, probing=False) if failed else Breaker()


def _trips(recent: str) -> bool:
    in_a_row = recent.endswith(FAILED * CONSECUTIVE)
    return in_a_row or (len(recent) == WINDOW and recent.count(FAILED) * 2 >= WINDOW)
