"""Adds what a resident says to a conversation, by whatever way it came."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from services.intake.models import audit, entry, messages, submissions
from shared.db import insert_new, insert_rows
from shared.events.sealed import seal_for, sealed_fields
from shared.outbox import Transaction, advance
from shared.sealing import ItemKey

MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Message:
    """What a resident says; the same id is said only once. `names_person`: people outside the police read it."""

    id: UUID
    channel: str
    text: str
    names_person: bool = False


def say(tx: Transaction, item_id: UUID, key: ItemKey, message: Message) -> None:
    """Store the message with its event; nothing when it is stored already."""
    # The row lock first: two tabs that write at once get numbers in the order of their commits.
    tx.conn.execute(select(submissions.c.id).where(submissions.c.id == item_id).with_for_update()).one()
    row = {
        "id": message.id,
        "item_id": item_id,
        "side": "you",
        "channel": message.channel,
        "at": tx.now,
        "sealed": key.seal({"text": message.text}, MESSAGE),
    }
    if not insert_new(tx.conn, messages, [row], returning="id"):
        return
    tx.conn.execute(update(submissions).where(submissions.c.id == item_id).values(active_at=tx.now))
    insert_rows(tx.conn, audit, [entry(item_id, tx.now, "resident", "wrote")])
    data = {
        "message_id": str(message.id),
        "channel": message.channel,
        "names_person": message.names_person,
        "received_at": tx.now.isoformat(),
        **sealed_fields(key, seal_for(key, "message.received", {"text": message.text})),
    }
    tx.emit("message.received", item_id, advance(tx.conn, submissions, item_id), data)
