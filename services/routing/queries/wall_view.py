"""The wall of one case as those see it who guard it: what it is about, to whom it is closed, who had looked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select

from services.routing.desk import Desk
from services.routing.domain.roles import SEE_EXCLUDED, need
from services.routing.domain.walls import ORGANISATION, PERSON
from services.routing.domain.walls.exclusions import LIFTABLE
from services.routing.models import case_subjects, exclusions, people, readmissions, views
from services.routing.queries.case_view import find
from services.routing.queries.people import Person
from services.routing.queries.rows import CaseRow, find_row
from shared.cities import label
from shared.sealing import CannotUnseal


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A subject of the case. `by` is None for what the resident named or the text holds."""

    id: UUID
    kind: str
    name: str
    source: str
    relation: str
    state: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Somebody the case is closed to; `looked` is when they last opened it, None if never."""

    person: Person
    reason: str
    since: datetime
    looked: datetime | None
    liftable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Readmission:
    """Somebody who is to be let in again, or was."""

    person: Person
    proposed_by: Person
    reason: str
    agreed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How often somebody opened the case, and when last."""

    person: Person
    times: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WallView:
    """All of it."""

    row: CaseRow
    about: tuple[About, ...]
    closed: tuple[Closed, ...]
    readmissions: tuple[Readmission, ...]
    looked: tuple[Looked, ...]


def wall_view(desk: Desk, case_id: UUID) -> WallView:
    """For oversight and auditors, of a case within their sight. Raises NotFound, NotAllowed."""
    need(desk.actor.role, SEE_EXCLUDED)
    case = find(desk, case_id)
    row = find_row(desk, case_id)
    assert row is not None
    names = {each.id: each.name for each in desk.conn.execute(select(people.c.id, people.c.name))}
    looked = _looked(desk, case_id, names)
    return WallView(
        row=row,
        about=_about(desk, case_id, names),
        closed=_closed(desk, case_id, names, {each.person.id: each.last for each in looked}),
        readmissions=_readmissions(desk, case, names),
        looked=looked,
    )


Names = dict[UUID, str]


def _about(desk: Desk, case_id: UUID, names: Names) -> tuple[About, ...]:
    c = case_subjects.c
    found = desk.conn.execute(select(case_subjects).where(c.case_id == case_id).order_by(c.at, c.kind, c.key))
    return tuple(
        About(
            id=row["id"], kind=row["kind"], name=_called(desk, row, names), source=row["source"],
            relation=row["relation"], state=row["state"], by=names.get(row["by_id"]), at=row["at"],
        )
        for row in found.mappings()
    )  # fmt: skip


def _called(desk: Desk, row: RowMapping, names: Names) -> str:
    key: str = row["key"]
    if row["kind"] == PERSON:
        return names.get(UUID(key), key)
    known = desk.office.city.organisations.get(key) if row["kind"] == ORGANISATION else None
    return label(known.labels, "en") if known else key


def _closed(desk: Desk, case_id: UUID, names: Names, looked: dict[UUID, datetime]) -> tuple[Closed, ...]:
    c = exclusions.c
    found = desk.conn.execute(select(exclusions).where(c.case_id == case_id).order_by(c.since, c.person_id))
    return tuple(
        Closed(
            person=Person(row.person_id, names[row.person_id]), reason=row.reason, since=row.since,
            looked=looked.get(row.person_id), liftable=row.reason in LIFTABLE,
        )
        for row in found
    )  # fmt: skip


def _looked(desk: Desk, case_id: UUID, names: Names) -> tuple[Looked, ...]:
    last = func.max(views.c.at)
    wanted = (
        select(views.c.person_id, func.count().label("times"), last.label("last"))
        .where(views.c.case_id == case_id)
        .group_by(views.c.person_id)
        .order_by(last.desc())
    )
    return tuple(
        Looked(person=Person(row.person_id, names[row.person_id]), times=row.times, last=row.last)
        for row in desk.conn.execute(wanted)
    )


def _readmissions(desk: Desk, case: RowMapping, names: Names) -> tuple[Readmission, ...]:
    c = readmissions.c
    found = desk.conn.execute(select(readmissions).where(c.case_id == case["id"]).order_by(c.proposed_at, c.id))
    return tuple(
        Readmission(
            person=Person(row.person_id, names[row.person_id]),
            proposed_by=Person(row.proposed_by, names[row.proposed_by]),
            reason=_words(desk, case, row.reason), agreed_by=names.get(row.agreed_by),
        )
        for row in found
    )  # fmt: skip


def _words(desk: Desk, case: RowMapping, sealed: bytes) -> str:
    try:
        told: Any = desk.office.keyring.open_key(case["key_wrapped"]).unseal(sealed, "readmission")
    except CannotUnseal:
        return ""
    return str(told["text"])
