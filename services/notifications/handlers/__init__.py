"""When X happened, do Y: what notifications does about events of others and about delivery receipts."""

from services.notifications.handlers.consents import obey
from services.notifications.handlers.office import Office
from services.notifications.handlers.queueing import acknowledge, send_answer, send_reply
from services.notifications.handlers.recipients import keep_contact

#: Each is a function of the office, a transaction and events; worker.py gives them the office.
REACTIONS = {
    "feedback.received": keep_contact,
    "consent.changed": obey,
    "case.opened": acknowledge,
    "reply.written": send_reply,
    "state.changed": send_answer,
}

__all__ = ["REACTIONS", "Office", "acknowledge", "keep_contact", "obey", "send_answer", "send_reply"]
