"""Rule sets come into force: written as drafts, checked, proposed, approved by another organisation."""

from services.routing.handlers.rules.approve import approve, may_approve
from services.routing.handlers.rules.drafts import Draft, discard, draft, drafts, propose, save
from services.routing.handlers.rules.examine import Examination, examine, vocabulary
from services.routing.handlers.rules.past import Archive, Replay, pasts, replays

__all__ = [
    "Archive",
    "Draft",
    "Examination",
    "Replay",
    "approve",
    "discard",
    "draft",
    "drafts",
    "examine",
    "may_approve",
    "pasts",
    "propose",
    "replays",
    "save",
    "vocabulary",
]
