"""Who owns it: give it to somebody, take it, say that it is taken up."""

from typing import Any
from uuid import UUID

from services.routing.desk import Desk
from services.routing.domain.facts import OVERSIGHT
from services.routing.domain.ownership import check_hand_over
from services.routing.domain.refusals import Impossible, Invalid
from services.routing.domain.roles import ANSWER, ASSIGN
from services.routing.handlers.casework import HandOver, Work, by_hand, give, move, person_row, take_up
from services.routing.handlers.commands.words import reason as kept_reason
from services.routing.queries.people import knows


def assign(desk: Desk, case_id: UUID, expected: int | None, owner_id: UUID, reason: str) -> int:
    """Give the case to another person. Raises Impossible when she may not own it."""
    reason = kept_reason(reason)
    work = take_up(desk, ASSIGN, case_id, expected)
    person = person_row(desk.conn, owner_id)
    if person is None or not knows(desk, person):
        raise Invalid("/owner_id", "unknown_person", "There is nobody you know by this id.")
    if person["id"] == work.case["owner_id"]:
        raise Impossible(f"{person['name']} owns it already.")
    hand_to(desk, work, person, reason)
    return work.save()


def hand_to(desk: Desk, work: Work, person: Any, reason: str | None) -> None:
    """Give it to the person if the state and the role allow that."""
    check_hand_over(work.case["state"], desk.actor.role)
    checked = desk.actor.role == OVERSIGHT
    give(work, person, HandOver("by_hand", by_hand(work, person), reason, checked))


def take(desk: Desk, work: Work) -> None:
    """The desk's own person becomes the owner."""
    hand_to(desk, work, person_row(desk.conn, desk.actor.id), None)


def accept(desk: Desk, case_id: UUID, expected: int | None) -> int:
    """Say "mine": takes a case nobody owns, and puts one's own in progress. Again changes nothing."""
    work = take_up(desk, ANSWER, case_id, expected)
    if work.case["owner_id"] is None:
        take(desk, work)
    elif work.case["owner_id"] != desk.actor.id:
        raise Impossible("Somebody else owns this case. Ask for it to be given to you.")
    if work.case["state"] == "assigned":
        move(work, "in_progress", reason="accepted")
    elif work.case["accepted_at"] is None and not work.steps:
        work.step("case.accepted", {"owner_id": str(desk.actor.id), "at": work.now.isoformat()})
    return work.save()
