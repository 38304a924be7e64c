"""What staff ask; every query passes through sight."""

from services.routing.domain.boxes import BOXES
from services.routing.queries.case_view import CaseView, Clock, Entry, Step, Story, View, case_view
from services.routing.queries.inbox import Filters, Page, box_counts, inbox
from services.routing.queries.people import Colleague, Person, TeamView, people, teams
from services.routing.queries.rows import CaseRow, Partner
from services.routing.queries.supervision import (
    Load,
    QueueSize,
    due_soon,
    overdue,
    queue_sizes,
    workload,
)

__all__ = [
    "BOXES",
    "CaseRow",
    "CaseView",
    "Clock",
    "Colleague",
    "Entry",
    "Filters",
    "Load",
    "Page",
    "Partner",
    "Person",
    "QueueSize",
    "Step",
    "Story",
    "TeamView",
    "View",
    "box_counts",
    "case_view",
    "due_soon",
    "inbox",
    "overdue",
    "people",
    "queue_sizes",
    "teams",
    "workload",
]
