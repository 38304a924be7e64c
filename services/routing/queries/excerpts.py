"""The first words of cases, for lists: enough to tell one from the other."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.routing.desk import Desk
from services.routing.domain.roles import READ, need
from services.routing.models import cases, messages
from services.routing.queries.sight import visible
from shared.sealing import CannotUnseal

LENGTH = 400


def excerpts(desk: Desk, case_ids: Sequence[UUID], length: int = LENGTH) -> dict[UUID, str]:
    """What each case's resident wrote first, cut at so many characters; without those not within sight
    and those whose words were erased. Lists are not logged: opening a case is.
    """
    need(desk.actor.role, READ)
    wanted = (
        select(cases.c.id, cases.c.key_wrapped, messages.c.sealed)
        .join(messages, messages.c.case_id == cases.c.id)
        .where(cases.c.id.in_(case_ids), messages.c.kind == "opening", visible(desk.sight))
    )
    found = {}
    for row in desk.conn.execute(wanted) if case_ids else ():
        words = _opened(desk, row.key_wrapped, row.sealed)
        if words is not None:
            found[row.id] = words[:length]
    return found


def _opened(desk: Desk, key_wrapped: bytes, sealed: bytes) -> str | None:
    try:
        told = desk.office.keyring.open_key(key_wrapped).unseal(sealed, "feedback.received")
    except CannotUnseal:
        return None
    return str(told.get("text", "")) if isinstance(told, dict) else None
