"""A case as lists show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select

from services.routing.desk import Desk
from services.routing.domain.clocks import FIRST_RESPONSE, NEXT_RESPONSE, RESPONSES, is_overdue
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
    """Where a case stands. `due_at` is the promise to look at, `due_clock` which clock it is; None when none runs.

    That is the one that ends soonest (at `soonest_at`), unless it is far off and the resident waits for another.
    """

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
    due_clock: str | None
    warn_at: datetime | None
    first_response_due_at: datetime
    first_responded_at: datetime | None
    updated_at: datetime
    outcome: str | None
    overdue: bool
    pressing: bool
    soonest_at: datetime | None
    sequence: int


#: Columns that stand in the row as they are.
_PLAIN = (
    "id", "reference", "kind", "category", "district", "language", "channel", "state", "team", "queue",
    "organisation", "contact_by", "received_at", "first_response_due_at", "first_responded_at", "updated_at",
    "outcome", "sequence", "warn_at",
)  # fmt: skip


def listed(desk: Desk) -> Select[Any]:
    """Every case within sight, with its owner's name; to be narrowed further, never widened."""
    columns = [cases.c[name] for name in _PLAIN]
    return (
        select(*columns, *_DUE, cases.c.owner_id, people.c.name.label("owner_name"))
        .join_from(cases, people, cases.c.owner_id == people.c.id, isouter=True)
        .where(visible(desk.sight))
    )


_DUE = [cases.c[name] for name in ("due_at", "due_clock", "response_due_at")]


def to_row(desk: Desk, found: RowMapping) -> CaseRow:
    """The row of `listed` as a value."""
    owner = Person(found["owner_id"], found["owner_name"]) if found["owner_id"] else None
    return CaseRow(
        **{name: found[name] for name in _PLAIN},
        public_state=PUBLIC_STATES[found["state"]],
        owner=owner,
        partner=_partner(desk, found["organisation"]),
        pseudonym=pseudonym(found["id"]),
        soonest_at=found["due_at"],
        **_promise(found, desk.now),
    )


def _promise(found: RowMapping, now: datetime) -> dict[str, Any]:
    due_at, clock = found["due_at"], found["due_clock"]
    pressing = clock in RESPONSES or is_overdue(found["warn_at"], now)
    # A broken promise to the resident comes before every other clock, a running one before those far off.
    if is_overdue(found["response_due_at"], now) or (found["response_due_at"] and not pressing):
        due_at, clock, pressing = found["response_due_at"], _response(found), True
    return {"due_at": due_at, "due_clock": clock, "pressing": pressing, "overdue": is_overdue(due_at, now)}


def _response(found: RowMapping) -> str:
    return NEXT_RESPONSE if found["first_responded_at"] else FIRST_RESPONSE


def _partner(desk: Desk, organisation: str) -> Partner | None:
    known = desk.office.city.organisations.get(organisation)
    if known is None or known.kind != PARTNER:
        return None
    return Partner(organisation, label(known.labels, "en"))


def find_row(desk: Desk, case_id: UUID) -> CaseRow | None:
    """The case if it is within sight."""
    found = desk.conn.execute(listed(desk).where(cases.c.id == case_id)).mappings().one_or_none()
    return None if found is None else to_row(desk, found)
