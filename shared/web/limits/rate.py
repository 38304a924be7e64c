"""A rate such as 30/hour, and the hash an address is counted under."""

from dataclasses import dataclass
from datetime import datetime

from shared.sealing import KeyedHash

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in any stretch of so many seconds."""

    amount: int
    period_s: int

    @property
    def step_s(self) -> float:
        """The share of the period that one request takes."""
        return self.period_s / self.amount

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """From `30/hour`."""
        amount, _, unit = text.partition("/")
        return cls(int(amount), SECONDS[unit])


def counted_as(hashes: KeyedHash, name: str, address: str, now: datetime) -> bytes:
    """The key an address is counted under: the salt changes daily, so that days cannot be joined."""
    return hashes.digest(f"limit {name} {now:%Y-%m-%d}", address)
