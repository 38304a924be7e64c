"""The time in which an answer can be disputed; after it the case closes by itself."""

from services.routing.domain.clocks import DISPUTE_WINDOW
from services.routing.handlers.casework.work import Work
from shared.timers import Timer, cancel, schedule

CLOSE_RESOLVED = "close_resolved"


def start_dispute_window(work: Work) -> None:
    """The case closes by itself when nobody disputes the answer. Each resolution has a window of its own."""
    work.case["resolved_at"] = work.now
    schedule(
        work.tx.conn,
        Timer(
            item_id=work.case["id"],
            kind=CLOSE_RESOLVED,
            cycle=work.case["sequence"],
            due_at=work.now + DISPUTE_WINDOW,
        ),
    )


def end_dispute_window(work: Work) -> None:
    """It was disputed, or is closed."""
    cancel(work.tx.conn, work.case["id"], CLOSE_RESOLVED)
