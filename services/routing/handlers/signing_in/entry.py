"""Entering with login and password: one answer and one time for every way to be wrong."""

import logging
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from services.routing.handlers.people.passwords import hashed, is_outdated, matches
from services.routing.handlers.signing_in.sessions import start_session
from services.routing.models import people
from services.routing.service import Routing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody came in: who, in which role, and the secret of the new session."""

    person_id: UUID
    role: str
    secret: str


def enter(routing: Routing, login: str, password: str, browser: str) -> Entered | None:
    """Start a session if the password is right and the person active; None otherwise.

    The password is checked outside any transaction: it takes longer than all the rest.
    """
    columns = (people.c.id, people.c.role, people.c.password_hash, people.c.active)
    with routing.engine.connect().execution_options(read_only=True) as conn:
        wanted = select(*columns).where(people.c.login == login.strip().lower())
        person = conn.execute(wanted).one_or_none()
    known_hash = person.password_hash if person is not None and person.active else None
    if not matches(known_hash, password) or person is None:
        log.warning("A sign-in was refused", extra={"person": str(person.id) if person else "unknown"})
        return None
    with routing.engine.begin() as conn:
        if is_outdated(known_hash):
            conn.execute(update(people).where(people.c.id == person.id).values(password_hash=hashed(password)))
        secret = start_session(conn, routing.office, person.id, routing.clock.now(), browser)
    log.info("Somebody signed in", extra={"person": str(person.id)})
    return Entered(person.id, person.role, secret)
