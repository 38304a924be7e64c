"""The data of notifications: its tables, the states of messages, the locks of numbers."""

from services.notifications.models.changes import change
from services.notifications.models.numbers import Number, bar, lock_number, set_status
from services.notifications.models.tables import (
    attempts,
    breakers,
    consents,
    messages,
    metadata,
    outbox,
    parked,
    recipients,
)

SOURCE = "/notifications"
#: What contacts and message bodies are sealed as.
CONTACT, BODY = "contact", "message body"

__all__ = [
    "BODY",
    "CONTACT",
    "SOURCE",
    "Number",
    "attempts",
    "bar",
    "breakers",
    "change",
    "consents",
    "lock_number",
    "messages",
    "metadata",
    "outbox",
    "parked",
    "recipients",
    "set_status",
]
