"""Continuity: who owned the last case of the same resident, known by a keyed hash and by nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.models import cases
from shared.db import among
from shared.sealing import KeyedHash

#: The first of these that was given knows a resident again; names and addresses are shared or misspelt.
KNOWN_BY = ("phone", "email")


def resident_of(hashes: KeyedHash, contact: Mapping[str, Any]) -> bytes | None:
    """What a resident is known by from case to case; None for somebody who gave no number and no mail."""
    for name in KNOWN_BY:
        if contact.get(name):
            return hashes.digest(f"resident by {name}", str(contact[name]).casefold())
    return None


def owners_before(
    conn: Connection, residents: Iterable[bytes | None], besides: UUID | None = None
) -> dict[bytes | None, UUID]:
    """For each resident who had a case with an owner, the owner of the last one; `besides` one case."""
    known = {resident for resident in residents if resident is not None}
    if not known:
        return {}
    wanted = (
        select(cases.c.resident, cases.c.owner_id)
        .where(among(conn, cases.c.resident, known), cases.c.owner_id.is_not(None), cases.c.id != besides)
        .order_by(cases.c.received_at, cases.c.id)
    )
    return {row.resident: row.owner_id for row in conn.execute(wanted)}
