"""Naming somebody later: by a message of the resident, or by staff. The door closes in the same transaction."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import update

from services.routing.desk import Desk
from services.routing.domain.refusals import Invalid
from services.routing.domain.roles import ANSWER
from services.routing.domain.walls import DECLARED, Subject
from services.routing.domain.walls.subjects import ABOUT, RELATIONS
from services.routing.handlers.casework import Work, keep_from_police, move_away, rewall, take_up
from services.routing.handlers.commands.write import add_note
from services.routing.handlers.walls.reading import Reader
from services.routing.handlers.walls.subjects import HELD, LIFTED, enter
from services.routing.models import case_subjects

#: Why a case changes hands; said of every case that leaves somebody for a reason of its own.
CODE = "names_person"
LONGEST = 200


def close_to(work: Work, subjects: Iterable[Subject]) -> frozenset[UUID]:
    """Enter the subjects and close the case to whom they concern; who had not been closed out before.

    A case of the police goes to oversight, and one whose owner is behind the wall to somebody else.
    """
    about = frozenset(subjects)
    if not about:
        return frozenset()
    enter(work, about)
    closed = rewall(work)
    if any(each.relation == ABOUT for each in about):
        keep_from_police(work)
    move_away(work, CODE)
    return closed


def name(desk: Desk, case_id: UUID, expected: int | None, who: dict[str, str], relation: str = ABOUT) -> int:
    """Say whom the case is about or near to: {name, badge, unit}. Whoever is meant loses sight of it at once.

    Nobody of the roster may be meant: the case is kept from the police all the same. The words are noted.
    """
    given = {field: value.strip()[:LONGEST] for field, value in who.items() if value and value.strip()}
    if not given:
        raise Invalid("/name", "blank", "Write a name, a badge or a unit.")
    if relation not in RELATIONS:
        raise Invalid("/relation", "unknown_relation", f"Relations are {', '.join(RELATIONS)}.")
    work = take_up(desk, ANSWER, case_id, expected)
    add_note(work, f"{relation}: {', '.join(given.values())}")
    meant = Reader(desk.office).named(desk.conn, given)
    subjects = frozenset(replace(each, source=DECLARED, relation=relation) for each in meant)
    _take_back(work, subjects)
    if relation == ABOUT and not subjects:
        keep_from_police(work)
    close_to(work, subjects)
    return work.save()


def _take_back(work: Work, subjects: Iterable[Subject]) -> None:
    """What was lifted and is named again holds again."""
    for each in subjects:
        again = update(case_subjects).where(
            case_subjects.c.case_id == work.case["id"], case_subjects.c.state == LIFTED,
            case_subjects.c.kind == each.kind, case_subjects.c.key == each.key,
        )  # fmt: skip
        work.tx.conn.execute(again.values(state=HELD, decided_by=work.actor_id, decided_at=work.now))
