"""Discarding what is held back: one person proposes it with a reason, another agrees; both outside the police."""

from services.routing.desk import Desk
from services.routing.domain.refusals import Impossible, Invalid
from services.routing.handlers.casework import Work, move
from services.routing.handlers.commands.write import add_note


def discard(desk: Desk, work: Work, reason: str | None) -> None:
    """The first person's wish is noted and changes no state; the second person's closes the case."""
    if reason is None:
        raise Invalid("/reason", "missing_reason", "Say why nothing in it asks for an answer.")
    first = work.case["discard_proposed_by"]
    if first is None:
        work.case["discard_proposed_by"] = desk.actor.id
        add_note(work, reason)
    elif first == desk.actor.id:
        raise Impossible("You proposed this. A second person has to agree.")
    else:
        move(work, "closed", reason="discarded")
        work.keep_reason(reason)
