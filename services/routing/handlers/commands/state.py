"""Changing the state by hand: along the table, with what each step asks for."""

from uuid import UUID

from sqlalchemy import select

from services.routing.desk import Desk
from services.routing.domain import states
from services.routing.domain.clocks import AND_YET_ARRIVED, NOT_ARRIVED
from services.routing.domain.facts import OVERSIGHT
from services.routing.domain.refusals import Impossible, Invalid
from services.routing.domain.roles import ANSWER
from services.routing.handlers.casework import Work, ensure_owner, move, raise_to, reroute, take_up
from services.routing.handlers.commands.discard import discard
from services.routing.handlers.commands.words import reason as kept_reason
from services.routing.handlers.commands.words import words
from services.routing.models import messages

LONGEST_SENTENCE = 1_000
#: Residents who are not written to in these ways read a question with their receipt.
TRAVELS_BY = ("sms", "email")


def change_state(
    desk: Desk,
    case_id: UUID,
    expected: int | None,
    to: str,
    *,
    reason: str | None = None,
    outcome: str | None = None,
    sentence: str | None = None,
) -> int:
    """Move the case to another state. `resolved` needs an outcome and a sentence to the resident; what closes
    a case that nobody resolved needs a reason.

    Raises Impossible where the table has no such step, Invalid, NotAllowed.
    """
    if to not in states.STATES:
        raise Invalid("/state", "unknown_state", f"States are {', '.join(states.STATES)}.")
    reason = kept_reason(reason) if reason else None
    work = take_up(desk, ANSWER, case_id, expected)
    states.check_by_hand(work.case["state"], to, desk.actor.role)
    states.check_reason(work.case["state"], to, reason)
    if to == "resolved":
        states.check_outcome(desk.actor.role, outcome, sentence)
        _resolve(work, outcome, words(sentence or "", "/sentence", LONGEST_SENTENCE), reason)
    else:
        _step(desk, work, to, reason)
    return work.save()


def _resolve(work: Work, outcome: str | None, sentence: str, reason: str | None) -> None:
    move(work, "resolved", reason="by_hand", outcome=outcome, sentence=sentence)
    work.keep_reason(reason)


def _step(desk: Desk, work: Work, to: str, reason: str | None) -> None:
    oversight = desk.office.directory.first_queue(OVERSIGHT)
    if to == "in_review":
        raise_to(work, oversight, "raised", reason)
    elif to == "quarantined":
        work.case["quarantine"] = "held_back"
        raise_to(work, oversight, "held_back", reason, to="quarantined")
    elif work.case["state"] == "quarantined" and to == "closed":
        discard(desk, work, reason)
    elif work.case["state"] == "quarantined":
        _release(work, reason)
    else:
        _go_on(desk, work, to, reason)


def _release(work: Work, reason: str | None) -> None:
    """What was held back is new again, and finds its owner by the rules."""
    work.case.update(quarantine=None, discard_proposed_by=None)
    move(work, "new", reason="released")
    work.keep_reason(reason)
    reroute(work, "released")


def _go_on(desk: Desk, work: Work, to: str, reason: str | None) -> None:
    if to == "waiting_on_resident":
        check_asked(work)
    origin = work.case["state"]
    move(work, to, reason="by_hand")
    work.keep_reason(reason)
    if to == "in_progress":
        ensure_owner(work, origin, desk.actor.id)


def check_asked(work: Work) -> None:
    """Waiting on the resident needs a question that reached them: the last words between us are ours."""
    said = (
        select(messages.c.kind, messages.c.delivery)
        .where(messages.c.case_id == work.case["id"], messages.c.kind.in_(("opening", "message", "reply")))
        .order_by(messages.c.sequence.desc())
        .limit(1)
    )
    last = work.tx.conn.execute(said).one_or_none()
    if last is None or last.kind != "reply" or last.delivery in NOT_ARRIVED:
        raise Impossible("Ask the resident something first: the last words between you are theirs.")
    if work.case["contact_by"] in TRAVELS_BY and last.delivery not in AND_YET_ARRIVED:
        raise Impossible("Your question has not arrived yet. Wait for the resident when it has.")
