"""What happens when a timer rings: a broken promise is told, an undisputed answer closes the case."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.clocks import DISPUTE_WINDOW, FIRST_RESPONSE
from services.routing.domain.states import check
from services.routing.handlers.casework import Work, lock, move
from services.routing.models import cases
from services.routing.office import Office
from shared.db import among
from shared.outbox import Transaction
from shared.timers import Timer


@dataclass(frozen=True)
class OnCase:
    """A timer's effect on its case, under the case's lock, in the order of the ids."""

    office: Office
    effect: Callable[[Work, Timer], None]

    @staticmethod
    def lock(conn: Connection, case_ids: Collection[UUID]) -> None:
        """Lock the cases before their timers are claimed, as whoever changes a case does."""
        wanted = select(cases.c.id).where(among(conn, cases.c.id, case_ids)).order_by(cases.c.id)
        conn.execute(wanted.with_for_update(of=cases, key_share=True))

    def __call__(self, tx: Transaction, timers: Sequence[Timer]) -> None:
        """Take effect for each timer whose case is still there."""
        for timer in sorted(timers, key=lambda timer: (timer.item_id, timer.cycle)):
            work = lock(tx, self.office, timer.item_id)
            if work is not None:
                self.effect(work, timer)
                work.save()


def tell_overdue(work: Work, timer: Timer) -> None:
    """Nobody answered in time. Once per run of the clock; the promise stays open and overdue."""
    if work.case["response_due_at"] is None or work.case["cycle"] != timer.cycle:
        return
    work.step(
        "response.overdue",
        {
            "clock": FIRST_RESPONSE,
            "due_at": timer.due_at.isoformat(),
            "late_by_s": (work.now - timer.due_at).total_seconds(),
        },
    )


def close_resolved(work: Work, timer: Timer) -> None:
    """The time for a dispute has passed since this resolution."""
    resolved_at = work.case["resolved_at"]
    if work.case["state"] == "resolved" and resolved_at + DISPUTE_WINDOW <= timer.due_at:
        check("resolved", "closed", "time")
        move(work, "closed", reason="not_disputed")
