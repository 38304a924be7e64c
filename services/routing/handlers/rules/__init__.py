"""Rule sets come into force: written as drafts, checked, proposed, approved by another organisation."""

from services.routing.handlers.rules.approve import approve, may_approve
from services.routing.handlers.rules.drafts import Draft, discard, draft, drafts, propose, save
from services.routing.handlers.rules.examine import Examination, examine, vocabulary
from services.routing.handlers.rules.past import Archive, Replay, pasts, replays
from services.routing.handlers.rules.rehearsals import Rehearsal, Stage, last_rehearsal, rehearse

__all__ = [
    "Archive",
    "Draft",
    "Examination",
    "Rehearsal",
    "Replay",
    "Stage",
    "approve",
    "discard",
    "draft",
    "drafts",
    "examine",
    "last_rehearsal",
    "may_approve",
    "pasts",
    "propose",
    "rehearse",
    "replays",
    "save",
    "vocabulary",
]
