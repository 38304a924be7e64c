"""Leases: who works on which share of the work, with a fencing number that a late worker cannot fake.

Work is cut into numbered shares. A worker that holds a lease renews it; a lease not renewed is free for
others, and its fence goes up by one when it changes hands. Several workers divide the shares evenly.
"""

import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    or_,
    select,
    update,
)

from shared.clock import Clock
from shared.db import UtcDateTime, insert_new
from shared.ids import new_id

TTL_S = 5.0

LEASES = Table(
    "leases",
    MetaData(),
    Column("name", String(200), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)


def add_leases(metadata: MetaData) -> Table:
    """Declare the table in a service's metadata."""
    return LEASES.to_metadata(metadata)


def new_owner() -> str:
    """A name no other worker ever has; host and process id let a neighbour see that this one died."""
    return f"{socket.gethostname()}/{os.getpid()}/{new_id().hex}"


def is_dead(owner: str) -> bool:
    """Whether the owner was a process on this machine that is gone; its leases need not run out first."""
    host, _, rest = owner.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@dataclass(frozen=True, slots=True)
class _Look:
    """What stands in the table at one moment."""

    shares: Mapping[str, Row[Any]]
    members: frozenset[str]
    free: Sequence[str]


class Leases:
    """One worker's leases on the shares 0 … count-1 of a group. Used by one thread."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        group: str,
        count: int,
        *,
        owner: str | None = None,
        ttl_s: float = TTL_S,
    ) -> None:
        self.owner = owner or new_owner()
        self._engine = engine
        self._clock = clock
        self._group = group
        self._names = {f"{group}/{number}": number for number in range(count)}
        self._member = f"{group}/member/{self.owner}"
        self._ttl_s = ttl_s
        self._fences: dict[int, int] = {}
        self._valid_until = 0.0

    @property
    def held(self) -> Mapping[int, int]:
        """Share → fence, as far as they are surely still ours by the monotonic clock."""
        return self._fences if time.monotonic() < self._valid_until else {}

    def renew(self) -> Mapping[int, int]:
        """Renew when a third of the time is over: keep, take and give back shares; what is held now."""
        started = time.monotonic()
        if self._valid_until - started < self._ttl_s * 2 / 3:
            now = self._clock.now()
            with self._engine.begin() as conn:
                fences = self._divide(conn, now)
            self._fences, self._valid_until = fences, started + self._ttl_s
        return self.held

    def still_held(self, conn: Connection) -> frozenset[int]:
        """The shares whose fence is unchanged, locked so that they stay ours until this transaction ends."""
        mine = select(LEASES.c.name, LEASES.c.fence).where(
            LEASES.c.owner == self.owner, LEASES.c.name.in_(self._names)
        )
        rows = conn.execute(mine.with_for_update(read=True)).all()
        found = {self._names[row.name]: row.fence for row in rows}
        return frozenset(number for number, fence in self._fences.items() if found.get(number) == fence)

    def release(self) -> None:
        """Give everything back at once, so that others need not wait."""
        self._fences, self._valid_until = {}, 0.0
        now = self._clock.now()
        with self._engine.begin() as conn:
            conn.execute(delete(LEASES).where(LEASES.c.name == self._member))
            conn.execute(update(LEASES).where(LEASES.c.owner == self.owner).values(expires_at=now))

    def _divide(self, conn: Connection, now: datetime) -> dict[int, int]:
        self._sign_in(conn, now)
        look = self._look(conn, now)
        fair = -(-len(self._names) // max(1, len(look.members)))
        mine = [name for name, row in look.shares.items() if row.owner == self.owner and name not in look.free]
        self._set_expiry(conn, mine[:fair], self._expiry(now))
        self._set_expiry(conn, mine[fair:], now)
        taken = [name for name in look.free[: max(0, fair - len(mine))] if self._take(conn, look.shares[name], now)]
        kept = {self._names[name]: look.shares[name].fence for name in mine[:fair]}
        return kept | {self._names[name]: look.shares[name].fence + 1 for name in taken}

    def _sign_in(self, conn: Connection, now: datetime) -> None:
        # One order for everybody, so that two workers that start together do not lock crosswise.
        rows = [{"name": name, "owner": "", "fence": 0, "expires_at": now} for name in self._names]
        if not self._fences:
            insert_new(conn, LEASES, rows, "name")
        own = {"name": self._member, "owner": self.owner, "fence": 0, "expires_at": self._expiry(now)}
        if not insert_new(conn, LEASES, [own], "name"):
            self._set_expiry(conn, [self._member], self._expiry(now))
        stale = and_(LEASES.c.name.startswith(f"{self._group}/member/"), LEASES.c.expires_at < now)
        conn.execute(delete(LEASES).where(stale))

    def _look(self, conn: Connection, now: datetime) -> _Look:
        ours = or_(LEASES.c.name.in_(self._names), LEASES.c.name.startswith(f"{self._group}/member/"))
        rows = conn.execute(select(LEASES).where(ours).order_by(LEASES.c.name)).all()
        shares = {row.name: row for row in rows if row.name in self._names}
        owners = {row.owner for row in rows if row.expires_at > now and row.owner != ""}
        alive = {owner for owner in owners if owner == self.owner or not is_dead(owner)}
        members = frozenset(row.owner for row in rows if row.name not in self._names) & alive
        free = [name for name, row in shares.items() if row.expires_at <= now or row.owner not in alive]
        return _Look(shares, members, free)

    def _set_expiry(self, conn: Connection, names: Sequence[str], expires_at: datetime) -> None:
        mine = and_(LEASES.c.name.in_(names), LEASES.c.owner == self.owner)
        if names:
            conn.execute(update(LEASES).where(mine).values(expires_at=expires_at))

    def _take(self, conn: Connection, row: Row[Any], now: datetime) -> bool:
        """Take a free share unless somebody was faster; its fence moves on."""
        unchanged = and_(LEASES.c.name == row.name, LEASES.c.fence == row.fence)
        taking = update(LEASES).where(unchanged, LEASES.c.expires_at == row.expires_at)
        taken = conn.execute(
            taking.values(owner=self.owner, fence=LEASES.c.fence + 1, expires_at=self._expiry(now))
        )
        return taken.rowcount == 1

    def _expiry(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._ttl_s)
