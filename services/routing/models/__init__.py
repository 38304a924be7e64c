"""The tables of routing, on one metadata."""

from services.routing.models.cases import cases, clock_intervals, history, messages, recusals, views
from services.routing.models.foundation import metadata
from services.routing.models.people import invitations, people, queues, sessions, tokens
from services.routing.models.plumbing import inbox, leases, limits, outbox, parked, timers
from services.routing.models.rules import rehearsals, rule_drafts, rule_sets, snapshots

__all__ = [
    "cases",
    "clock_intervals",
    "history",
    "inbox",
    "invitations",
    "leases",
    "limits",
    "messages",
    "metadata",
    "outbox",
    "parked",
    "people",
    "queues",
    "recusals",
    "rehearsals",
    "rule_drafts",
    "rule_sets",
    "sessions",
    "snapshots",
    "timers",
    "tokens",
    "views",
]
