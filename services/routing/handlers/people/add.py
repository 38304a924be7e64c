"""Adding a person: checked against the city pack and the chart."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.facts import POLICE
from services.routing.domain.refusals import Invalid
from services.routing.domain.roles import AUDITOR, KIND_OF_ROLE, ROLES
from services.routing.handlers.people.chart import begin_post
from services.routing.handlers.people.find import person_by_login
from services.routing.handlers.people.queues import sync_queues
from services.routing.handlers.people.snapshot import publish
from services.routing.handlers.people.work import ALWAYS_THERE, Work, as_columns, check_work
from services.routing.models import people
from services.routing.office import Office
from shared.db import insert_rows
from shared.ids import new_id
from shared.outbox import Transaction

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,79}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody who begins. `reports_to` is a login; the organisation follows from the team where there is one."""

    login: str
    name: str
    role: str
    team: str | None = None
    organisation: str | None = None
    unit: str | None = None
    badge: str | None = None
    reports_to: str | None = None
    languages: tuple[str, ...] = ()
    work: Work = ALWAYS_THERE


def add_person(tx: Transaction, office: Office, new: NewPerson) -> UUID:
    """Add the person; she cannot sign in before a password is set (see `invite`). Raises Invalid."""
    login = _login(tx.conn, new.login)
    if not new.name.strip():
        raise Invalid("/name", "blank", "A person has a name.")
    if new.role not in ROLES:
        raise Invalid("/role", "unknown_role", f"Roles are {', '.join(ROLES)}.")
    check_work(new.work)
    person_id = new_id()
    person = {
        "id": person_id,
        "login": login,
        "name": new.name.strip(),
        "role": new.role,
        "team": new.team,
        "organisation": _organisation(office, new),
        "unit": new.unit,
        "badge": new.badge,
        "reports_to": person_by_login(tx.conn, new.reports_to)["id"] if new.reports_to else None,
        "languages": list(new.languages),
        **as_columns(new.work),
        "created_at": tx.now,
    }
    insert_rows(tx.conn, people, [person])
    begin_post(tx, office, person)
    sync_queues(tx.conn, office)
    publish(tx, person_id)
    return person_id


def _login(conn: Connection, given: str) -> str:
    login = given.strip().lower()
    if not LOGIN.fullmatch(login):
        raise Invalid("/login", "malformed_login", "A login is made of letters, digits and . _ - @.")
    if conn.scalar(select(people.c.id).where(people.c.login == login)) is not None:
        raise Invalid("/login", "login_taken", f"The login {login!r} is taken.")
    return login


def _organisation(office: Office, new: NewPerson) -> str | None:
    """The team's organisation, the one named, or the first of the role's kind; its kind must fit the role."""
    city = office.city
    if new.team is not None and new.team not in city.teams:
        raise Invalid("/team", "unknown_team", f"Teams are {', '.join(city.teams)}.")
    if new.organisation is not None and new.organisation not in city.organisations:
        raise Invalid("/organisation", "unknown_organisation", f"There are {', '.join(city.organisations)}.")
    kind = KIND_OF_ROLE.get(new.role)
    chosen = city.teams[new.team].organisation if new.team else new.organisation
    if chosen is None and kind is not None:
        chosen = next((code for code, known in city.organisations.items() if known.kind == kind), None)
    if kind is not None and office.directory.kind(chosen) != kind:
        raise Invalid("/team", "wrong_team", f"The role {new.role} belongs to an organisation of kind {kind}.")
    if new.role == AUDITOR and office.directory.kind(chosen) == POLICE:
        # An auditor reads every case, those about the police too.
        raise Invalid("/team", "wrong_team", "An auditor works for nobody in the police.")
    return chosen
