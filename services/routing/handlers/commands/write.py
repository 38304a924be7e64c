"""Writing: a reply to the resident, a note among staff."""

from uuid import UUID

from services.routing.desk import Desk
from services.routing.domain.refusals import Impossible
from services.routing.domain.roles import ANSWER
from services.routing.domain.states import PUBLIC_STATES, UNOWNED
from services.routing.handlers.casework import Work, move, take_up
from services.routing.handlers.commands.assign import take
from services.routing.handlers.commands.words import words
from shared.ids import new_id


def reply(desk: Desk, case_id: UUID, expected: int | None, text: str) -> int:
    """Answer the resident. Who answers a case nobody owns takes it; the first answer puts it in progress."""
    text = words(text)
    work = take_up(desk, ANSWER, case_id, expected)
    make_ready(desk, work)
    _write(work, text)
    if work.case["state"] == "assigned":
        move(work, "in_progress", reason="replied")
    return work.save()


def make_ready(desk: Desk, work: Work, *, taking: bool = True) -> None:
    """Let the resident be spoken to: not while it is held back or closed, and by taking it if nobody owns it."""
    if work.case["state"] == "quarantined":
        raise Impossible("This is held back. Release it before you answer.")
    if work.case["state"] == "closed":
        raise Impossible("The case is closed. Reopen it before you answer.")
    if taking and work.case["state"] in UNOWNED:
        take(desk, work)


def _write(work: Work, text: str) -> None:
    message_id = new_id()
    sealed, fields = work.seal("reply.written", {"text": text})
    # What the resident will see once the answer is there: an assigned case is in progress by then.
    public_state = PUBLIC_STATES[work.case["state"]]
    work.step(
        "reply.written",
        {
            "message_id": str(message_id),
            "by": str(work.actor_id),
            "public_state": public_state,
            "template_only": False,
            "bulk": False,
            "at": work.now.isoformat(),
            **fields,
        },
    )
    work.keep("reply", sealed, id=message_id)


def note(desk: Desk, case_id: UUID, expected: int | None, text: str) -> int:
    """Note something among staff; the words never leave routing."""
    text = words(text)
    work = take_up(desk, ANSWER, case_id, expected)
    add_note(work, text)
    return work.save()


def add_note(work: Work, text: str) -> None:
    """Put a note into the conversation."""
    note_id = new_id()
    sealed, _ = work.seal("note.added", {"text": text})
    work.step("note.added", {"note_id": str(note_id), "by": str(work.actor_id), "at": work.now.isoformat()})
    work.keep("note", sealed, id=note_id)
