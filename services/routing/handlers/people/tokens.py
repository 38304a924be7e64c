"""Tokens for programs: shown once, kept as a hash, published so that every service knows them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, or_, select, update

from services.routing.domain.refusals import Invalid
from services.routing.handlers.people.find import person_by_login
from services.routing.handlers.people.snapshot import publish
from services.routing.models import tokens
from services.routing.office import Office
from shared.db import insert_rows
from shared.events.sealed import token_hash
from shared.ids import new_id
from shared.outbox import Transaction

PREFIX = "cg_"
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token, this once."""

    id: UUID
    token: str
    expires_at: datetime


def issue_token(tx: Transaction, office: Office, login: str, days: int = 30, label: str = "") -> IssuedToken:
    """A token with the person's own rights. Raises Invalid."""
    person = person_by_login(tx.conn, login)
    if not person["active"]:
        raise Invalid("/login", "disabled", f"{login} is disabled.")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("/days", "out_of_range", f"A token lives 1 to {LONGEST_DAYS} days.")
    issued = IssuedToken(new_id(), PREFIX + secrets.token_urlsafe(32), tx.now + timedelta(days=days))
    row = {
        "id": issued.id,
        "hash": token_hash(office.hashes, issued.token),
        "person_id": person["id"],
        "label": label.strip()[:80],
        "created_at": tx.now,
        "expires_at": issued.expires_at,
    }
    insert_rows(tx.conn, tokens, [row])
    publish(tx, person["id"])
    return issued


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token as its owner finds it again: never itself."""

    id: UUID
    label: str
    created_at: datetime
    expires_at: datetime


def own_tokens(conn: Connection, person_id: UUID, now: datetime) -> list[KnownToken]:
    """The person's tokens that are valid, the newest first."""
    columns = [tokens.c[name] for name in KnownToken.__slots__]
    mine = tokens.c.person_id == person_id, tokens.c.revoked_at.is_(None), tokens.c.expires_at > now
    wanted = select(*columns).where(*mine).order_by(tokens.c.created_at.desc())
    return [KnownToken(*row) for row in conn.execute(wanted)]


def revoke_token(tx: Transaction, office: Office, token: str, owner: UUID | None = None) -> None:
    """End a token, given itself or its id; with `owner`, only one of hers. Raises Invalid."""
    named = or_(tokens.c.hash == token_hash(office.hashes, token.strip()), tokens.c.id == _id(token))
    wanted = select(tokens.c.id, tokens.c.person_id).where(named, tokens.c.revoked_at.is_(None))
    if owner is not None:
        wanted = wanted.where(tokens.c.person_id == owner)
    row = tx.conn.execute(wanted).one_or_none()
    if row is None:
        raise Invalid("/token", "unknown_token", "There is no such token, or it has been revoked.")
    tx.conn.execute(update(tokens).where(tokens.c.id == row.id).values(revoked_at=tx.now))
    publish(tx, row.person_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        return UUID(int=0)
