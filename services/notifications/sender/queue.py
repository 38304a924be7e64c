"""Which messages are due, and which held ones go on now that somebody can carry them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, not_, select

from services.notifications.domain import delivery
from services.notifications.domain.failures import NOT_CONFIGURED
from services.notifications.domain.wording import AUTOMATIC
from services.notifications.models import change, messages
from services.notifications.sender.breakers import breaker_of
from services.notifications.sender.port import Provider
from shared.outbox import Transaction


def due(
    conn: Connection,
    now: datetime,
    *,
    providers: Mapping[str, Provider],
    automatic_texts: bool,
    besides: Collection[UUID],
    limit: int,
) -> list[UUID]:
    """Messages to take up now, longest waiting first, but none whose provider is being left alone.

    Without `automatic_texts` only what a person wrote is texted: a STOP may be on its way to us.
    """
    resting = [
        channel for channel, provider in providers.items() if not breaker_of(conn, provider.name).permits(now)
    ]
    wanted = (
        select(messages.c.id)
        .where(messages.c.state == delivery.PENDING, messages.c.next_attempt_at <= now)
        .where(messages.c.channel.not_in(resting))
        .order_by(messages.c.next_attempt_at, messages.c.id)
        .limit(limit + len(besides))
    )
    if not automatic_texts:
        wanted = wanted.where(not_(and_(messages.c.channel == "sms", messages.c.template.in_(AUTOMATIC))))
    found = conn.execute(wanted).scalars()
    return [message_id for message_id in found if message_id not in besides][:limit]


def release_configured(tx: Transaction, providers: Mapping[str, Provider]) -> None:
    """Messages that were held because nobody could carry them are due again if somebody can now."""
    held = select(messages.c.id).where(
        messages.c.state == delivery.HELD,
        messages.c.failure == NOT_CONFIGURED.name,
        messages.c.channel.in_(providers),
    )
    for message_id in tx.conn.execute(held).scalars().all():
        change(tx, message_id, delivery.PENDING, expected=[delivery.HELD], next_attempt_at=tx.now)
