"""What happens when a timer rings: clocks are looked at, an undisputed answer closes the case."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.clocks import DISPUTE_WINDOW, Interval, Telling, Terms, ripe
from services.routing.domain.states import check
from services.routing.handlers.casework import Work, lock, move
from services.routing.handlers.casework.escalation import climb
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


def tell_of_clocks(work: Work, _timer: Timer) -> None:
    """A promise comes near, is broken, or climbs: each is told once, and what is broken stays open and overdue."""
    clocks = work.clocks()
    for telling in ripe(clocks.tellings, work.now):
        work.step(telling.what, _run(telling.interval) | TOLD[telling.what](work, clocks.terms, telling))
    if not work.steps:
        # The moment was moved since; somebody has to look again later.
        clocks.keep()


def _run(interval: Interval) -> dict[str, Any]:
    return {
        "clock": interval.clock,
        "cycle": interval.cycle,
        "started_at": interval.started_at.isoformat(),
        "due_at": interval.due_at.isoformat(),
    }


def _late(work: Work, _terms: Terms, telling: Telling) -> dict[str, Any]:
    return {"late_by_s": (work.now - telling.interval.due_at).total_seconds()}


def _climbed(work: Work, terms: Terms, telling: Telling) -> dict[str, Any]:
    tell, told = climb(work, terms, telling)
    more = {"rung": telling.rung, "tell": tell, "told": [str(person) for person in told]}
    return _late(work, terms, telling) | more


#: What is told, and what belongs to it besides the run it is told of.
TOLD: Mapping[str, Callable[[Work, Terms, Telling], dict[str, Any]]] = {
    "response.warned": lambda _work, _terms, _telling: {},
    "response.overdue": _late,
    "response.escalated": _climbed,
}


def close_resolved(work: Work, timer: Timer) -> None:
    """The time for a dispute has passed since this resolution."""
    resolved_at = work.case["resolved_at"]
    if work.case["state"] == "resolved" and resolved_at + DISPUTE_WINDOW <= timer.due_at:
        check("resolved", "closed", "time")
        move(work, "closed", reason="not_disputed")
