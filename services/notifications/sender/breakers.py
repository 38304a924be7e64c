"""Keeps each provider's breaker in the database, so that all senders stop and probe together."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from services.notifications.domain.breaker import OK, WINDOW, Breaker
from services.notifications.models import breakers
from shared.db import insert_new

CALM = Breaker(recent=OK * WINDOW)


def breaker_of(conn: Connection, provider: str, *, lock: bool = False) -> Breaker:
    """The provider's breaker; with `lock` nobody else moves it until the transaction ends."""
    wanted = select(breakers.c.recent, breakers.c.opened_at, breakers.c.probing).where(
        breakers.c.provider == provider
    )
    row = conn.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    return Breaker(*row) if row is not None else Breaker()


def may_call(conn: Connection, provider: str, now: datetime) -> bool:
    """Whether the provider may be called now; when it is open, this call becomes its one probe."""
    if breaker_of(conn, provider).opened_at is None:
        return True
    breaker = breaker_of(conn, provider, lock=True)
    if not breaker.permits(now):
        return False
    if breaker.opened_at is not None:
        _store(conn, provider, breaker.probe(now))
    return True


def note_result(conn: Connection, provider: str, *, failed: bool, now: datetime) -> None:
    """Count one result of a call."""
    if not failed and breaker_of(conn, provider) == CALM:
        return  # the usual case writes nothing
    empty = {"provider": provider, "recent": "", "probing": False}
    insert_new(conn, breakers, [empty], returning="provider")
    _store(conn, provider, breaker_of(conn, provider, lock=True).after(failed=failed, now=now))


def _store(conn: Connection, provider: str, breaker: Breaker) -> None:
    conn.execute(
        update(breakers)
        .where(breakers.c.provider == provider)
        .values(recent=breaker.recent, opened_at=breaker.opened_at, probing=breaker.probing)
    )
