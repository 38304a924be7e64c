"""Rule sets come into force: written as drafts, checked, proposed, approved by another organisation."""

from services.routing.handlers.rules.approve import approve, may_approve
from services.routing.handlers.rules.drafts import Draft, discard, draft, drafts, propose, save
from services.routing.handlers.rules.examine import Examination, examine, vocabulary

__all__ = [
    "Draft",
    "Examination",
    "approve",
    "discard",
    "draft",
    "drafts",
    "examine",
    "may_approve",
    "propose",
    "save",
    "vocabulary",
]
