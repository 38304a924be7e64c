"""What a case is about, entered as rows; the same thing is entered once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.routing.domain.walls import FOUND, Subject
from services.routing.handlers.casework import Work
from services.routing.models import case_subjects
from shared.db import insert_new
from shared.ids import new_id

#: Found in a text, and walled until somebody outside the police has decided; held; found not to be meant.
OPEN, HELD, LIFTED = "open", "held", "lifted"


def subject_rows(
    case_id: UUID, subjects: Iterable[Subject], at: datetime, by: UUID | None = None
) -> list[dict[str, Any]]:
    """As they are kept; what was named is before what was found, which says the same more weakly."""
    return [
        {
            "id": new_id(), "case_id": case_id, "kind": each.kind, "key": each.key, "source": each.source,
            "relation": each.relation, "by_id": by, "at": at, "state": OPEN if each.source == FOUND else HELD,
        }
        for each in sorted(subjects, key=lambda each: (each.source == FOUND, each))
    ]  # fmt: skip


def enter(work: Work, subjects: Iterable[Subject]) -> bool:
    """Add what is new to the case; whether anything was."""
    rows = subject_rows(work.case["id"], subjects, work.now, work.actor_id)
    return bool(insert_new(work.tx.conn, case_subjects, rows, "id"))
