"""Intake's side: what people were told that we have, and which of its events have not left yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, select

from commonground.reconciliation.carried import Carried, item_bearing
from services.intake.handlers.counts import count
from services.intake.models import contact_points, inbound_texts, outbox
from shared.events import short_name


@dataclass(frozen=True)
class Numbers:
    """Consent of one phone number: its events so far, and the texts that were nothing but a keyword."""

    events: int
    texts: int


@dataclass(frozen=True)
class Front:
    """One moment of intake."""

    accepted: int
    numbers: Mapping[UUID, Numbers]
    unsent: tuple[Carried, ...]


def front(conn: Connection) -> Front:
    """Everything in one reading transaction, so that the parts are of one moment."""
    return Front(accepted=count(conn).accepted, numbers=_numbers(conn), unsent=_unsent(conn))


def accepted(conn: Connection) -> int:
    """The first number alone."""
    return count(conn).accepted


def _numbers(conn: Connection) -> dict[UUID, Numbers]:
    texts = (
        select(inbound_texts.c.item_id, func.count().label("texts"))
        .where(inbound_texts.c.outcome == "consent")
        .group_by(inbound_texts.c.item_id)
        .subquery()
    )
    wanted = (
        select(contact_points.c.id, contact_points.c.sequence, func.coalesce(texts.c.texts, 0))
        .join_from(contact_points, texts, texts.c.item_id == contact_points.c.id, isouter=True)
        .where(contact_points.c.sequence > 0)
    )
    return {point: Numbers(events, only) for point, events, only in conn.execute(wanted)}


def _unsent(conn: Connection) -> tuple[Carried, ...]:
    """Events that are in the outbox alone; those the bus refused for good are still there, too."""
    wanted = select(outbox.c.event_id, outbox.c.item_id, outbox.c.attributes, outbox.c.body).where(
        outbox.c.sent_at.is_(None)
    )
    rows = [
        Carried(row.event_id, short_name(orjson.loads(row.attributes)["type"]), row.item_id, orjson.loads(row.body))
        for row in conn.execute(wanted)
    ]
    return tuple(event for event in rows if item_bearing(event))
