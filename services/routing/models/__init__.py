"""The tables of routing, on one metadata."""

from services.routing.models.cases import cases, clock_intervals, history, messages, policies, views
from services.routing.models.foundation import metadata
from services.routing.models.people import invitations, people, queues, sessions, tokens
from services.routing.models.plumbing import inbox, leases, limits, outbox, parked, timers
from services.routing.models.rules import rehearsals, rule_drafts, rule_sets, snapshots
from services.routing.models.walls import aliases, case_subjects, exclusions, posts, readmissions

__all__ = [
    "aliases",
    "case_subjects",
    "cases",
    "clock_intervals",
    "exclusions",
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
    "policies",
    "posts",
    "queues",
    "readmissions",
    "rehearsals",
    "rule_drafts",
    "rule_sets",
    "sessions",
    "snapshots",
    "timers",
    "tokens",
    "views",
]
