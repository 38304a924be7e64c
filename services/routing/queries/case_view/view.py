"""A case opened by a person: found within sight, logged, and put together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select

from services.routing.desk import Desk
from services.routing.domain.facts import OVERSIGHT, Facts
from services.routing.domain.ownership import Standing, can_hand_over, may_own
from services.routing.domain.refusals import NotFound
from services.routing.domain.roles import ANSWER, ASSIGN, READ, SEE_VIEWS, may, need
from services.routing.domain.states import UNOWNED, choices
from services.routing.models import cases, exclusions, people, views
from services.routing.queries.case_view.certificates import certificate
from services.routing.queries.case_view.clocks import Clock, clocks
from services.routing.queries.case_view.conversation import Entry, Story, conversation
from services.routing.queries.case_view.history import Step, steps
from services.routing.queries.people import Person, known
from services.routing.queries.rows import CaseRow, listed, to_row
from services.routing.queries.sight import visible
from shared.db import insert_rows


@dataclass(frozen=True, slots=True)
class View:
    """Somebody looked at the case."""

    person: Person
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything about a case that its reader may know."""

    row: CaseRow
    story: Story
    conversation: tuple[Entry, ...]
    clocks: tuple[Clock, ...]
    history: tuple[Step, ...]
    certificate: dict[str, Any]
    choices: tuple[str, ...]
    assignable: tuple[Person, ...]
    may_answer: bool
    can_take: bool
    views: tuple[View, ...]


def case_view(desk: Desk, case_id: UUID) -> CaseView:
    """Open the case and log that it was opened. Raises NotFound, NotAllowed, CannotUnseal."""
    case = find(desk, case_id)
    insert_rows(desk.conn, views, [{"case_id": case_id, "person_id": desk.actor.id, "at": desk.now}])
    row = desk.conn.execute(listed(desk).where(cases.c.id == case_id)).mappings().one()
    story, said = conversation(desk, case)
    taking = _can_take(desk, case)
    return CaseView(
        row=to_row(desk, row),
        story=story,
        conversation=said,
        clocks=clocks(desk, case_id),
        history=steps(desk, case_id),
        certificate=certificate(desk, case_id),
        choices=choices(case["state"], desk.actor.role) if may(desk.actor.role, ANSWER) else (),
        assignable=_assignable(desk, case),
        may_answer=_may_answer(desk, case, taking),
        can_take=taking,
        views=_views(desk, case_id),
    )


def find(desk: Desk, case_id: UUID) -> RowMapping:
    """The case's row within sight. Raises NotFound, and NotAllowed for roles that read no cases at all."""
    need(desk.actor.role, READ)
    wanted = select(cases).where(cases.c.id == case_id, visible(desk.sight))
    row = desk.conn.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound
    return row


def _can_take(desk: Desk, case: RowMapping) -> bool:
    me = Standing(role=desk.actor.role, organisation=desk.actor.organisation)
    return (
        case["owner_id"] is None
        and can_hand_over(case["state"], desk.actor.role)
        and may_own(Facts.of(dict(case)), desk.office.directory, me)
    )


def _may_answer(desk: Desk, case: RowMapping, taking: bool) -> bool:
    if not may(desk.actor.role, ANSWER) or case["state"] in ("quarantined", "closed"):
        return False
    return taking or case["state"] not in UNOWNED


def _assignable(desk: Desk, case: RowMapping) -> tuple[Person, ...]:
    """Whom the reader knows and the case may be given to, now and by her."""
    if not may(desk.actor.role, ASSIGN) or not can_hand_over(case["state"], desk.actor.role):
        return ()
    closed = select(exclusions.c.person_id).where(exclusions.c.case_id == case["id"])
    wanted = (
        select(people)
        .where(people.c.active, known(desk), people.c.id.not_in(closed))
        .order_by(people.c.name, people.c.login)
    )
    facts = Facts.of(dict(case))
    return tuple(
        Person(person["id"], person["name"])
        for person in desk.conn.execute(wanted).mappings()
        if person["id"] != case["owner_id"]
        and may_own(
            facts,
            desk.office.directory,
            Standing(role=person["role"], organisation=person["organisation"]),
            checked=desk.actor.role == OVERSIGHT,
        )
    )


def _views(desk: Desk, case_id: UUID) -> tuple[View, ...]:
    if not may(desk.actor.role, SEE_VIEWS):
        return ()
    wanted = (
        select(people.c.id, people.c.name, views.c.at)
        .join_from(views, people, views.c.person_id == people.c.id)
        .where(views.c.case_id == case_id)
        .order_by(views.c.at.desc(), views.c.id.desc())
    )
    return tuple(View(Person(row.id, row.name), row.at) for row in desk.conn.execute(wanted))
