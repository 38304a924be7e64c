"""A case as lists show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select

from services.routing.desk import Desk
from services.routing.domain.clocks import is_overdue
from services.routing.domain.facts import PARTNER
from services.routing.domain.pseudonyms import pseudonym
from services.routing.domain.states import PUBLIC_STATES
from services.routing.models import cases, people
from services.routing.queries.people import Person
from services.routing.queries.sight import visible
from shared.cities import label


@dataclass(frozen=True, slots=True)
class Partner:
    """The community organisation that answers for a case."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """Where a case stands. `due_at` is the promise that runs now; None when none does."""

    id: UUID
    reference: str
    kind: str
    category: str
    district: str | None
    language: str
    channel: str
    state: str
    public_state: str
    owner: Person | None
    team: str | None
    queue: str | None
    organisation: str
    partner: Partner | None
    pseudonym: str
    contact_by: str
    received_at: datetime
    due_at: datetime | None
    first_response_due_at: datetime
    first_responded_at: datetime | None
    updated_at: datetime
    outcome: str | None
    overdue: bool
    sequence: int


#: Columns that stand in the row as they are.
_PLAIN = (
    "id", "reference", "kind", "category", "district", "language", "channel", "state", "team", "queue",
    "organisation", "contact_by", "received_at", "first_response_due_at", "first_responded_at", "updated_at",
    "outcome", "sequence",
)  # fmt: skip


def listed(desk: Desk) -> Select[Any]:
    """Every case within sight, with its owner's name; to be narrowed further, never widened."""
    columns = [cases.c[name] for name in _PLAIN]
    return (
        select(*columns, cases.c.owner_id, cases.c.response_due_at, people.c.name.label("owner_name"))
        .join_from(cases, people, cases.c.owner_id == people.c.id, isouter=True)
        .where(visible(desk.sight))
    )


def to_row(desk: Desk, found: RowMapping) -> CaseRow:
    """The row of `listed` as a value."""
    owner = Person(found["owner_id"], found["owner_name"]) if found["owner_id"] else None
    return CaseRow(
        **{name: found[name] for name in _PLAIN},
        public_state=PUBLIC_STATES[found["state"]],
        owner=owner,
        partner=_partner(desk, found["organisation"]),
        pseudonym=pseudonym(found["id"]),
        due_at=found["response_due_at"],
        overdue=is_overdue(found["response_due_at"], desk.now),
    )


def _partner(desk: Desk, organisation: str) -> Partner | None:
    known = desk.office.city.organisations.get(organisation)
    if known is None or known.kind != PARTNER:
        return None
    return Partner(organisation, label(known.labels, "en"))


def find_row(desk: Desk, case_id: UUID) -> CaseRow | None:
    """The case if it is within sight."""
    found = desk.conn.execute(listed(desk).where(cases.c.id == case_id)).mappings().one_or_none()
    return None if found is None else to_row(desk, found)
