"""What people outside the police decide: that a subject is meant or not, that somebody is let in again."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.routing.desk import Desk
from services.routing.domain.refusals import Impossible, Invalid, NotAllowed, NotFound
from services.routing.domain.roles import ANSWER
from services.routing.domain.states import OUTSIDE_POLICE, OVERSIGHT
from services.routing.domain.walls import FOUND
from services.routing.domain.walls.exclusions import LIFTABLE
from services.routing.handlers.casework import Work, move_away, rewall, take_up
from services.routing.handlers.commands.words import reason as kept_reason
from services.routing.handlers.walls.subjects import HELD, LIFTED
from services.routing.models import case_subjects, readmissions
from services.routing.queries.staffing import excluded_from
from shared.db import insert_new
from shared.events.sealed import seal_for
from shared.ids import new_id

READMISSION = "readmission"


def confirm(desk: Desk, case_id: UUID, subject_id: UUID) -> None:
    """Say that what was found in the text is meant: the wall stays."""
    work, _ = _subject(desk, case_id, subject_id)
    _decide(work, subject_id, HELD)


def lift(desk: Desk, case_id: UUID, subject_id: UUID) -> None:
    """Say that it is not meant: a namesake, a word. What the resident or a colleague named outright, only
    oversight lifts. The case stays guarded: nobody lowers a complaint by this.
    """
    work, subject = _subject(desk, case_id, subject_id)
    if subject["source"] != FOUND and desk.actor.role not in OVERSIGHT:
        raise NotAllowed("Only oversight lifts what was named outright.")
    _decide(work, subject_id, LIFTED)
    rewall(work)


def _subject(desk: Desk, case_id: UUID, subject_id: UUID) -> tuple[Work, Any]:
    """The case locked, and the subject of it. Raises NotAllowed for the police."""
    if desk.actor.role not in OUTSIDE_POLICE:
        raise NotAllowed("Only people outside the police decide on a wall.")
    work = take_up(desk, ANSWER, case_id, None)
    wanted = select(case_subjects).where(case_subjects.c.id == subject_id, case_subjects.c.case_id == case_id)
    subject = desk.conn.execute(wanted).mappings().one_or_none()
    if subject is None:
        raise NotFound
    return work, subject


def _decide(work: Work, subject_id: UUID, state: str) -> None:
    decided = update(case_subjects).where(case_subjects.c.id == subject_id)
    work.tx.conn.execute(decided.values(state=state, decided_by=work.actor_id, decided_at=work.now))


def propose(desk: Desk, case_id: UUID, person_id: UUID, reason: str) -> None:
    """Oversight wants to let somebody in again who is not named herself; a second one has to agree."""
    kept = kept_reason(reason)
    work = _for_oversight(desk, case_id)
    if excluded_from(desk.conn, case_id).get(person_id) not in LIFTABLE:
        raise Invalid("/person_id", "not_liftable", "Nobody can let this person in again.")
    row = {
        "id": new_id(), "case_id": case_id, "person_id": person_id, "proposed_by": desk.actor.id,
        "proposed_at": desk.now, "reason": seal_for(work.key, READMISSION, {"text": kept}),
    }  # fmt: skip
    if not insert_new(desk.conn, readmissions, [row], "id"):
        raise Impossible("This was proposed already. A second person has to agree.")


def agree(desk: Desk, case_id: UUID, person_id: UUID) -> None:
    """The second of oversight agrees: the case is open to the person again."""
    work = _for_oversight(desk, case_id)
    c = readmissions.c
    mine = (c.case_id == case_id, c.person_id == person_id, c.agreed_by.is_(None))
    found = desk.conn.execute(select(c.proposed_by).where(*mine)).one_or_none()
    if found is None:
        raise NotFound
    if desk.actor.id in (found.proposed_by, person_id):
        raise Impossible("A second person has to agree: neither who proposed it nor whom it lets in.")
    desk.conn.execute(update(readmissions).where(*mine).values(agreed_by=desk.actor.id, agreed_at=desk.now))
    rewall(work)
    move_away(work, "readmission")
    work.save()


def _for_oversight(desk: Desk, case_id: UUID) -> Work:
    if desk.actor.role not in OVERSIGHT:
        raise NotAllowed("Only oversight lets somebody in again.")
    return take_up(desk, ANSWER, case_id, None)
