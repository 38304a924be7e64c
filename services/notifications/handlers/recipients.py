"""Keeps, per case, how the resident wants to be reached; nothing else of what they said."""

from collections.abc import Sequence
from typing import Any

from services.notifications.handlers.office import Office
from services.notifications.models import CONTACT, recipients
from shared.db import insert_new
from shared.events import Event
from shared.events.sealed import open_sealed, phone_hash
from shared.outbox import Transaction
from shared.sealing import KeyedHash

#: What a resident chose, and the field of the contact that it needs. Calls and letters are people's work.
CHANNELS = {"sms": "phone", "email": "email"}


def keep_contact(office: Office, tx: Transaction, events: Sequence[Event]) -> None:
    """One recipient per case, also for those nobody may write to: then later events know it."""
    insert_new(tx.conn, recipients, [_row(office, tx, event) for event in events], returning="id")


def _row(office: Office, tx: Transaction, event: Event) -> dict[str, Any]:
    key, said = open_sealed(office.keyring, event)
    channel = event.data["contact_by"]
    to = (said.get("contact") or {}).get(CHANNELS.get(channel, "")) if not event.data["anonymous"] else None
    return {
        "id": event.subject,
        "key": key.wrapped,
        "contact": key.seal({"to": to}, CONTACT) if to else None,
        "channel": channel if to else None,
        "contact_hash": contact_hash(office.hashes, channel, to) if to else None,
        "language": event.data["language"],
        "imported": event.data["channel"] == "import",
        "texted": event.data["channel"] == "sms",
        "sequence": 0,
        "kept_at": tx.now,
    }


def contact_hash(hashes: KeyedHash, channel: str, to: str) -> bytes:
    """What a number or an address is known by; a number's hash is the one consent.changed carries."""
    return phone_hash(hashes, to) if channel == "sms" else hashes.digest("email", to.casefold())
