"""What a resident told first, opened for a moment and kept nowhere."""

from typing import Any

from sqlalchemy import select

from services.routing.handlers.casework.work import Work
from services.routing.handlers.deciding import TOLD
from services.routing.models import messages
from shared.sealing import CannotUnseal


def first_words(work: Work) -> Any:
    """The document of the opening; None once it was erased."""
    opening = select(messages.c.sealed).where(messages.c.case_id == work.case["id"], messages.c.kind == "opening")
    sealed = work.tx.conn.scalar(opening)
    try:
        return work.key.unseal(sealed, TOLD) if sealed is not None else None
    except CannotUnseal:
        return None
