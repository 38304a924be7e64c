"""Limits all processes share, in the service's database: for receipts and sign-in."""

import math
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shared.clock import Clock
from shared.sealing import KeyedHash
from shared.web.limits.rate import Rate, counted_as

TIDY_EVERY_S = 600.0


@dataclass
class DatabaseLimiter:
    """A limit per address, and one of the whole service beside it.

    The generic cell rate algorithm (ITU-T I.371): a key's budget is spoken for until a moment, each
    request moves the moment on by period ÷ amount, and one that would move it past now + period is refused.
    """

    engine: Engine
    table: Table
    clock: Clock
    name: str
    rate: Rate
    service_rate: Rate
    secret: bytes
    _tidied_at: float = field(default_factory=time.monotonic, init=False)

    def hit(self, address: str) -> int | None:
        """Count a request: None, or the seconds to wait when it is one too many, which is then not counted."""
        now = self.clock.now()
        return self._take(self._budgets(address, now), int(now.timestamp() * 1_000_000))

    def give_back(self, address: str) -> None:
        """Uncount a request that turned out to be no guess, such as a sign-in with the right password."""
        with self.engine.begin() as conn:
            for key, rate in self._budgets(address, self.clock.now()):
                spent = self.table.c.spoken_until - rate.period_s * 1_000_000 // rate.amount
                conn.execute(update(self.table).where(self.table.c.key == key).values(spoken_until=spent))

    def _budgets(self, address: str, now: datetime) -> list[tuple[bytes, Rate]]:
        """The address's and the service's. The service's row comes last: everybody locks in this order."""
        hashes = KeyedHash(self.secret)
        return [
            (counted_as(hashes, self.name, address, now), self.rate),
            (hashes.digest("limit of the service", self.name), self.service_rate),
        ]

    def _take(self, budgets: list[tuple[bytes, Rate]], now: int) -> int | None:
        self._tidy(now)
        with self.engine.connect() as conn, conn.begin() as transaction:
            for key, rate in budgets:
                if not self._spend(conn, key, rate, now):
                    wait = self._wait(conn, key, rate, now)
                    transaction.rollback()
                    return wait
        return None

    def _spend(self, conn: Connection, key: bytes, rate: Rate, now: int) -> bool:
        insert = pg_insert if conn.dialect.name == "postgresql" else sqlite_insert
        table, period = self.table, rate.period_s * 1_000_000
        step = period // rate.amount
        start: Any = case((table.c.spoken_until > now, table.c.spoken_until), else_=bindparam("now", now))
        statement = (
            insert(table)
            .values(key=key, spoken_until=now + step, period=period)
            .on_conflict_do_update(
                index_elements=[table.c.key],
                set_={"spoken_until": start + step, "period": period},
                where=start + step <= now + period,
            )
            .returning(table.c.key)
        )
        return conn.execute(statement).first() is not None

    def _wait(self, conn: Connection, key: bytes, rate: Rate, now: int) -> int:
        until: int = conn.execute(select(self.table.c.spoken_until).where(self.table.c.key == key)).scalar_one()
        period = rate.period_s * 1_000_000
        return max(1, math.ceil((until + period // rate.amount - period - now) / 1_000_000))

    def _tidy(self, now: int) -> None:
        """Now and then forget keys whose budget is whole again; yesterday's never come back."""
        if time.monotonic() - self._tidied_at < TIDY_EVERY_S:
            return
        self._tidied_at = time.monotonic()
        # Rows somebody is counting on are skipped, not waited for: two orders of locking would deadlock.
        spent = select(self.table.c.key).where(self.table.c.spoken_until < now).with_for_update(skip_locked=True)
        with self.engine.begin() as conn:
            conn.execute(delete(self.table).where(self.table.c.key.in_(spent)))
