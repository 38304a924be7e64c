"""Giving a case to a person or a queue: who may own it, what the event says, what the state becomes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from services.routing.domain.certificate import Certificate
from services.routing.domain.decision import BY_HAND
from services.routing.domain.facts import OVERSIGHT, POLICE, Facts, Queue
from services.routing.domain.ownership import Standing, may_own
from services.routing.domain.refusals import Impossible
from services.routing.handlers.casework.choosing import choose
from services.routing.handlers.casework.closing import is_behind
from services.routing.handlers.casework.states import move
from services.routing.handlers.casework.work import Work
from services.routing.models import people, queues
from services.routing.queries.staffing import excluded_from

#: Why a case leaves the police when its resident names somebody later.
NAMED = "names_person"
#: A new owner takes it up again; in the other states only the owner changes.
BECOMES_ASSIGNED = ("new", "in_review", "in_progress")


@dataclass(frozen=True, slots=True)
class HandOver:
    """Why a case changes hands: a code for the bus, the certificate for the history, the person's own words."""

    code: str
    certificate: dict[str, Any]
    words: str | None = None
    #: Oversight gives it, having read it: a thanks may then reach the officer it names.
    checked: bool = False


def fits(work: Work, person: Any, *, checked: bool = False) -> bool:
    """Whether the case may be the person's (a mapping), its wall apart."""
    standing = Standing(role=person["role"], organisation=person["organisation"], active=person["active"])
    return may_own(Facts.of(work.case), work.office.directory, standing, checked=checked)


def person_row(conn: Connection, person_id: UUID | None) -> Any:
    """The person as a mapping; None when there is none."""
    if person_id is None:
        return None
    return conn.execute(select(people).where(people.c.id == person_id)).mappings().one_or_none()


def give(work: Work, person: Any, hand_over: HandOver) -> None:
    """Make the person the owner. Raises Impossible when the case may not be hers."""
    closed = person["id"] in excluded_from(work.tx.conn, work.case["id"])
    if closed or not fits(work, person, checked=hand_over.checked):
        raise Impossible(f"{person['name']} cannot own this case.")
    _place(
        work,
        owner_id=person["id"],
        queue=None,
        team=person["team"],
        organisation=person["organisation"] or work.case["organisation"],
    )
    _announce(work, hand_over)
    if work.case["state"] in BECOMES_ASSIGNED:
        move(work, "assigned", reason=hand_over.code)


def put_in_queue(work: Work, queue: str, organisation: str, hand_over: HandOver) -> None:
    """Let it wait in a queue, under the queue's owner."""
    _place(work, owner_id=None, queue=queue, team=None, organisation=organisation)
    _announce(work, hand_over)


def raise_to(work: Work, queue: Queue, code: str, words: str | None, to: str = "in_review") -> None:
    """Let it wait with people outside the police."""
    certificate = _certificate(
        work, code, queue=queue.code, organisation=queue.organisation, state=to,
        sentence=f"It was raised to {queue.name}.",
    )  # fmt: skip
    put_in_queue(work, queue.code, queue.organisation, HandOver(code, certificate, words))
    if work.case["state"] == "new":
        move(work, to, reason=code)


def keep_from_police(work: Work) -> None:
    """What was written since names somebody: no police account sees the case from this moment on.

    It goes to a person of oversight; where none is there, it waits in oversight's queue.
    """
    work.case.update(names_person=True, show_publicly=False)
    directory = work.office.directory
    if directory.kind(work.case["organisation"]) != POLICE:
        return
    oversight = directory.first_queue(OVERSIGHT)
    try:
        reviewer = None if work.case["state"] == "new" else stand_in(work, oversight.code)
    except Impossible:
        reviewer = None
    if reviewer is None:
        raise_to(work, oversight, NAMED, None)
    else:
        sentence = f"What was written since names somebody: it was given to {reviewer['name']}."
        give(work, reviewer, HandOver(NAMED, _to_person(work, NAMED, reviewer, sentence)))


def _place(work: Work, **where: Any) -> None:
    work.case.update(where)


def _announce(work: Work, hand_over: HandOver) -> None:
    case = work.case
    work.step(
        "case.assigned",
        {
            "owner_id": str(case["owner_id"]) if case["owner_id"] else None,
            "team": case["team"],
            "queue": case["queue"],
            "organisation": case["organisation"],
            "by": str(work.actor_id) if work.actor_id else None,
            "reason": hand_over.code,
            "at": work.now.isoformat(),
        },
        hand_over.certificate,
    )
    work.keep_reason(hand_over.words)


def reroute(work: Work, code: str, words: str | None = None) -> None:
    """Let the rules choose anew, without whom the case is closed to; a queue's owner steps in for a person.

    Only a new case goes back to waiting in a queue. Raises Impossible when nobody is left.
    """
    certificate = choose(work)
    hand_over = HandOver(code, certificate.as_data(), words)
    if certificate.owner_id is not None:
        give(work, person_row(work.tx.conn, certificate.owner_id), hand_over)
    elif work.case["state"] == "new":
        _wait(work, certificate, hand_over)
    else:
        give(work, stand_in(work, certificate.queue), hand_over)


def move_away(work: Work, code: str) -> None:
    """Let whoever is behind the wall answer for the case no longer. Nobody left to take it: it waits where the
    rules say, for a wall asks nobody's leave.
    """
    if not is_behind(work):
        return
    try:
        reroute(work, code)
    except Impossible:
        certificate = choose(work)
        queue = certificate.queue or work.office.directory.first_queue(OVERSIGHT).code
        put_in_queue(work, queue, certificate.organisation, HandOver(code, certificate.as_data()))


def ensure_owner(work: Work, origin: str, taker: UUID | None = None) -> None:
    """A case that comes back to life has an owner who is there: the old one, else `taker`, else whom the rules
    choose.
    """
    owner = person_row(work.tx.conn, work.case["owner_id"])
    if owner is not None and (owner["active"] or origin not in ("resolved", "closed")):
        return
    person = person_row(work.tx.conn, taker)
    if person is not None:
        give(work, person, HandOver("taken", by_hand(work, person)))
    else:
        # The resident is heard even when nobody else is there; whoever adds a person again finds it.
        try:
            reroute(work, "owner_gone")
        except Impossible:
            work.without_anybody = True


def _wait(work: Work, certificate: Certificate, hand_over: HandOver) -> None:
    assert certificate.queue is not None
    put_in_queue(work, certificate.queue, certificate.organisation, hand_over)
    if certificate.state != "new":
        move(work, certificate.state, reason=hand_over.code)


def stand_in(work: Work, queue: str | None) -> Any:
    """The owner of the queue, else anybody of oversight, else the outside body's, to whom the case is open.
    Raises Impossible.
    """
    excluded = excluded_from(work.tx.conn, work.case["id"])
    body = work.office.directory.outside
    owner = _keeper(queue)
    oversight = select(people).where(people.c.role == "oversight").order_by(people.c.open_cases, people.c.login)
    asked = [owner, oversight, *([_keeper(body.code)] if body else [])]
    for row in (row for each in asked for row in work.tx.conn.execute(each).mappings().all()):
        if row["id"] not in excluded and fits(work, row):
            return row
    raise Impossible("There is nobody else who could own this case. Ask an administrator to add a reviewer.")


def _keeper(queue: str | None) -> Select[Any]:
    return select(people).join(queues, queues.c.owner_id == people.c.id).where(queues.c.code == queue)


def by_hand(work: Work, person: Any) -> dict[str, Any]:
    """The certificate of an assignment a person made."""
    return _to_person(work, "by_hand", person, f"It was given to {person['name']} by a person.")


def _to_person(work: Work, rule: str, person: Any, sentence: str) -> dict[str, Any]:
    return _certificate(
        work, rule, owner_id=person["id"], team=person["team"], organisation=person["organisation"] or "",
        state="assigned", sentence=sentence,
    )  # fmt: skip


def _certificate(work: Work, rule: str, **chosen: Any) -> dict[str, Any]:
    nobody: dict[str, Any] = {"team": None, "queue": None, "owner_id": None, "candidates": ()}
    facts = Facts.of(work.case)
    return Certificate(**(nobody | chosen), rules=BY_HAND, rule=rule, facts=facts).as_data()
