"""Taking up a case: its row locked, within sight, and as the person read it."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from services.routing.desk import Desk
from services.routing.domain.refusals import NotFound, Stale
from services.routing.domain.roles import need
from services.routing.handlers.casework.work import Work
from services.routing.models import cases
from services.routing.office import Office
from services.routing.queries.sight import visible
from shared.outbox import Transaction

_EVERY_CASE = true()


def take_up(desk: Desk, right: str, case_id: UUID, expected: int | None) -> Work:
    """Lock the case for the desk's person.

    `expected` is the sequence the person's answer rests on; None skips that guard. Raises NotAllowed when
    the role lacks the right, NotFound, and Stale when somebody was faster.
    """
    need(desk.actor.role, right)
    work = lock(desk.tx, desk.office, case_id, visible(desk.sight), desk.actor.id)
    if work is None:
        raise NotFound
    if expected is not None and expected != work.case["sequence"]:
        raise Stale(work.case["sequence"])
    return work


def lock(
    tx: Transaction,
    office: Office,
    case_id: UUID,
    condition: ColumnElement[bool] = _EVERY_CASE,
    actor_id: UUID | None = None,
) -> Work | None:
    """Lock the row until the transaction ends. `key_share` lets others still refer to the case (views)."""
    wanted = select(cases).where(cases.c.id == case_id, condition).with_for_update(of=cases, key_share=True)
    row = tx.conn.execute(wanted).mappings().one_or_none()
    return None if row is None else Work(tx, office, dict(row), actor_id)
