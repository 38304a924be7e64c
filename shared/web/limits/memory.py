"""Limits of one worker, in memory: for the fast path."""

import math
import time
from datetime import UTC, datetime

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared.sealing import KeyedHash
from shared.web.limits.rate import Rate, counted_as


class MemoryLimiter:
    """A moving window per address."""

    def __init__(self, name: str, rate: Rate, secret: bytes) -> None:
        self._name = name
        self._item = RateLimitItemPerSecond(rate.amount, rate.period_s)
        self._hashes = KeyedHash(secret)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, address: str) -> int | None:
        """Count a request: None, or the seconds to wait when it is one too many."""
        key = counted_as(self._hashes, self._name, address, datetime.now(UTC)).hex()
        if self._window.hit(self._item, key):
            return None
        return max(1, math.ceil(self._window.get_window_stats(self._item, key).reset_time - time.time()))
