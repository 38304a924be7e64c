"""Why a case has its owner."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.routing.desk import Desk
from services.routing.domain.certificate import sentences, without_excluded
from services.routing.domain.roles import SEE_EXCLUDED, may
from services.routing.models import history


def certificates(desk: Desk, case_id: UUID) -> list[dict[str, Any]]:
    """Every certificate of a case that was found within sight, the oldest first, each with its moment.

    Who was left out is shown to those only who may know it.
    """
    wanted = (
        select(history.c.certificate, history.c.at, history.c.sequence)
        .where(history.c.case_id == case_id, history.c.certificate.is_not(None))
        .order_by(history.c.sequence)
    )
    whole = may(desk.actor.role, SEE_EXCLUDED)
    return [
        shown | {"sentences": sentences(shown), "at": row.at.isoformat(), "sequence": row.sequence}
        for row in desk.conn.execute(wanted)
        for shown in [row.certificate if whole else without_excluded(row.certificate)]
    ]


def certificate(desk: Desk, case_id: UUID) -> dict[str, Any]:
    """The certificate that holds now."""
    return certificates(desk, case_id)[-1]
