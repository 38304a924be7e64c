"""Stepping aside: a person says that a case must not be hers, and it goes to another at once."""

from uuid import UUID

from services.routing.desk import Desk
from services.routing.domain.facts import OVERSIGHT
from services.routing.domain.roles import ANSWER
from services.routing.domain.walls.exclusions import RECUSED
from services.routing.handlers.casework import HandOver, Work, by_hand, give, raise_to, reroute, stand_in, take_up
from services.routing.handlers.commands.words import reason as kept_reason
from services.routing.handlers.commands.write import add_note
from services.routing.models import exclusions
from shared.db import insert_new


def recuse(desk: Desk, case_id: UUID, expected: int | None, reason: str) -> int:
    """The case must never reach this person again: not as owner, not in a list, not by its address.

    Raises Impossible when nobody else is left who could own it.
    """
    reason = kept_reason(reason)
    work = take_up(desk, ANSWER, case_id, expected)
    closed = {"case_id": case_id, "person_id": desk.actor.id, "reason": RECUSED, "since": desk.now}
    insert_new(desk.conn, exclusions, [closed], "case_id")
    if work.case["owner_id"] == desk.actor.id:
        reroute(work, "recusal", reason)
    elif work.case["queue"] in desk.actor.queues:
        _leave_queue(desk, work, reason)
    else:
        add_note(work, reason)
    return work.save()


def _leave_queue(desk: Desk, work: Work, reason: str) -> None:
    """She answers for the queue it waits in: it waits with oversight instead, and from there goes to another."""
    oversight = desk.office.directory.first_queue(OVERSIGHT)
    if work.case["queue"] == oversight.code:
        person = stand_in(work, oversight.code)
        give(work, person, HandOver("recusal", by_hand(work, person), reason))
    else:
        raise_to(work, oversight, "recusal", reason)
