"""Logging a call, a visit or a letter: what reached the resident is an answer, what missed them is none."""

from uuid import UUID

from services.routing.desk import Desk
from services.routing.domain.clocks import CONTACT_OUTCOMES, REACHED, WAYS
from services.routing.domain.refusals import Invalid
from services.routing.domain.roles import ANSWER
from services.routing.handlers.casework import Work, move, take_up
from services.routing.handlers.commands.words import words
from services.routing.handlers.commands.write import make_ready
from shared.events.sealed import seal_for
from shared.ids import new_id


def log_contact(desk: Desk, case_id: UUID, expected: int | None, *, way: str, outcome: str, text: str = "") -> int:
    """Keep that somebody was called, visited or written a letter, with what was said if anything is worth keeping.

    Who reaches the resident of a case nobody owns takes it, as by a reply. Raises Invalid, Impossible.
    """
    _check(way, outcome)
    kept = words(text) if text.strip() else None
    work = take_up(desk, ANSWER, case_id, expected)
    make_ready(desk, work, taking=outcome == REACHED)
    _log(work, way, outcome, kept)
    if outcome == REACHED and work.case["state"] == "assigned":
        move(work, "in_progress", reason="contacted")
    return work.save()


def _check(way: str, outcome: str) -> None:
    if way not in WAYS:
        raise Invalid("/way", "unknown_way", f"Say how: {', '.join(WAYS)}.")
    if outcome not in CONTACT_OUTCOMES:
        raise Invalid("/outcome", "unknown_outcome", f"Say whether it did: {', '.join(CONTACT_OUTCOMES)}.")


def _log(work: Work, way: str, outcome: str, text: str | None) -> None:
    contact_id = new_id()
    data = {"contact_id": str(contact_id), "way": way, "outcome": outcome, "by": str(work.actor_id)}
    work.step("contact.logged", data | {"at": work.now.isoformat()})
    if text:
        work.keep("contact", seal_for(work.key, "contact.logged", {"text": text}), id=contact_id)
