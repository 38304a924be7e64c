"""One case, opened: its story, its conversation, its history, and what may be done. Every opening is logged."""

from services.routing.queries.case_view.certificates import certificate, certificates
from services.routing.queries.case_view.clocks import Clock
from services.routing.queries.case_view.conversation import Entry, Story
from services.routing.queries.case_view.history import Step, steps
from services.routing.queries.case_view.view import CaseView, View, case_view, find

__all__ = [
    "CaseView",
    "Clock",
    "Entry",
    "Step",
    "Story",
    "View",
    "case_view",
    "certificate",
    "certificates",
    "find",
    "steps",
]
