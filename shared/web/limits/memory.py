"""Limits of one worker, in memory: for the fast path."""

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.sealing import KeyedHash
from shared.web.limits.rate import Rate

TIDY_EVERY_S = 60.0
MOST_KEYS = 200_000


@dataclass
class MemoryLimiter:
    """A limit per address by the generic cell rate algorithm (ITU-T I.371), one number a key.

    A library's moving window keeps every request and walks all keys a hundred times a second: whoever
    comes from many addresses would pay for the flood with our time and memory.
    """

    name: str
    rate: Rate
    secret: bytes
    monotonic: Callable[[], float] = time.monotonic
    _spoken_until: dict[bytes, float] = field(default_factory=dict, init=False)
    _tidied_at: float = field(default=0.0, init=False)
    _salt: bytes = field(default=b"", init=False)

    def __post_init__(self) -> None:
        self._salt = KeyedHash(self.secret).digest("limit in memory", self.name)
        self._tidied_at = self.monotonic()

    def hit(self, address: str) -> int | None:
        """Count a request: None, or the seconds to wait when it is one too many, which is then not counted."""
        now = self.monotonic()
        self._tidy(now)
        key = hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).digest()
        until = max(self._spoken_until.get(key, 0.0), now) + self.rate.step_s
        # Sums of equal steps drift by less than a microsecond, which must not cost the last request.
        wait = until - self.rate.period_s - now
        if wait > 1e-6:
            return max(1, math.ceil(wait))
        self._spoken_until[key] = until
        return None

    def _tidy(self, now: float) -> None:
        if now - self._tidied_at < TIDY_EVERY_S and len(self._spoken_until) < MOST_KEYS:
            return
        self._tidied_at = now
        kept = {key: until for key, until in self._spoken_until.items() if until > now}
        # A flood from more addresses than that: those who asked least are forgotten first.
        heaviest = sorted(kept, key=kept.__getitem__, reverse=True)[: MOST_KEYS // 2]
        self._spoken_until = kept if len(kept) < MOST_KEYS else {key: kept[key] for key in heaviest}
