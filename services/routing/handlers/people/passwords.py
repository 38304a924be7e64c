"""Passwords: argon2id hashes, and the one-time links by which they are set."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, select, update

from services.routing.domain.passwords import normalised, weakness
from services.routing.domain.refusals import Invalid
from services.routing.handlers.people.find import person_by_login
from services.routing.models import invitations, people, sessions
from services.routing.office import Office
from shared.db import insert_rows
from shared.outbox import Transaction

LINK_LIVES = timedelta(days=3)
PURPOSE = "password link"

# OWASP's smallest advised cost of argon2id (19 MiB, two passes): a sign-in holds up the other requests of
# its process for some 20 ms.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Checked when there is no such person, so that the answer takes as long as for one who exists.
_NOBODY = _HASHER.hash(secrets.token_urlsafe())


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _HASHER.hash(normalised(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash the answer is no, after the same time."""
    try:
        fits = _HASHER.verify(password_hash or _NOBODY, normalised(password))
    except (Argon2Error, InvalidHashError):
        return False
    return fits and password_hash is not None


def is_outdated(password_hash: str | None) -> bool:
    """Whether it was made at another cost than today's."""
    return password_hash is not None and _HASHER.check_needs_rehash(password_hash)


def password_hash(conn: Connection, person_id: UUID) -> str | None:
    """The hash that is kept; None when no password was set."""
    kept: str | None = conn.scalar(select(people.c.password_hash).where(people.c.id == person_id))
    return kept


def set_password(tx: Transaction, login: str, password: str) -> None:
    """Set it and end every session and link the person has. Raises Invalid when it is too weak."""
    person = person_by_login(tx.conn, login)
    weak = weakness(password, person["login"], person["name"])
    if weak is not None:
        raise Invalid("/password", "weak_password", weak)
    tx.conn.execute(update(people).where(people.c.id == person["id"]).values(password_hash=hashed(password)))
    end = update(sessions).where(sessions.c.person_id == person["id"], sessions.c.ended_at.is_(None))
    tx.conn.execute(end.values(ended_at=tx.now))
    use = update(invitations).where(invitations.c.person_id == person["id"], invitations.c.used_at.is_(None))
    tx.conn.execute(use.values(used_at=tx.now))


def invite(tx: Transaction, office: Office, login: str) -> str:
    """A secret for the link /account/password/SECRET, valid once and for three days; older links end."""
    person = person_by_login(tx.conn, login)
    if not person["active"]:
        raise Invalid("/login", "disabled", f"{login} is disabled.")
    use = update(invitations).where(invitations.c.person_id == person["id"], invitations.c.used_at.is_(None))
    tx.conn.execute(use.values(used_at=tx.now))
    secret = secrets.token_urlsafe(24)
    link = {
        "secret_hash": office.hashes.digest(PURPOSE, secret),
        "person_id": person["id"],
        "created_at": tx.now,
        "expires_at": tx.now + LINK_LIVES,
    }
    insert_rows(tx.conn, invitations, [link])
    return secret


def invited(conn: Connection, office: Office, secret: str, now: datetime) -> str | None:
    """The login a link is for; None when it is unknown, used or too old."""
    valid = (
        select(people.c.login)
        .join(invitations, invitations.c.person_id == people.c.id)
        .where(
            invitations.c.secret_hash == office.hashes.digest(PURPOSE, secret),
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > now,
            people.c.active,
        )
    )
    login: str | None = conn.scalar(valid)
    return login


def redeem(tx: Transaction, office: Office, secret: str, password: str) -> UUID:
    """Set the password by the link, which ends; whose it was. Raises Invalid."""
    login = invited(tx.conn, office, secret, tx.now)
    if login is None:
        raise Invalid("/link", "link_ended", "This link has been used or is too old. Ask for another.")
    set_password(tx, login, password)
    person_id: UUID = person_by_login(tx.conn, login)["id"]
    return person_id
