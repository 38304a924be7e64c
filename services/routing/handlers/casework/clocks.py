"""The first-response clock of a case being changed: stopped by an answer, started again by reopening."""

from typing import Any

from sqlalchemy import update

from services.routing.domain.clocks import DISPUTE_WINDOW, FIRST_RESPONSE
from services.routing.handlers.casework.work import Work
from services.routing.models import clock_intervals
from shared.db import insert_rows
from shared.timers import Timer, cancel, schedule

CLOSE_RESOLVED = "close_resolved"


def stop_clock(work: Work) -> None:
    """A person told the resident something. The first time is recorded once and for all."""
    case = work.case
    if case["first_responded_at"] is None:
        case["first_responded_at"] = work.now
        case["first_response_s"] = (work.now - case["received_at"]).total_seconds()
    if case["response_due_at"] is not None:
        _running_interval(work, stopped_at=work.now)
        end_promise(work)


def end_promise(work: Work) -> None:
    """Nothing is owed any more; an interval nobody answered stays unanswered."""
    work.case["response_due_at"] = None
    cancel(work.tx.conn, work.case["id"], FIRST_RESPONSE)


def start_clock_again(work: Work) -> None:
    """A new run under the promise the case was received under; the old ones stay as they were."""
    case = work.case
    case["cycle"] += 1
    due_at = work.now + (case["first_response_due_at"] - case["received_at"])
    case["response_due_at"] = due_at
    interval = {"case_id": case["id"], "clock": FIRST_RESPONSE, "cycle": case["cycle"]}
    insert_rows(work.tx.conn, clock_intervals, [{**interval, "started_at": work.now, "due_at": due_at}])
    schedule(work.tx.conn, Timer(item_id=case["id"], kind=FIRST_RESPONSE, cycle=case["cycle"], due_at=due_at))


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


def _running_interval(work: Work, **values: Any) -> None:
    running = update(clock_intervals).where(
        clock_intervals.c.case_id == work.case["id"],
        clock_intervals.c.clock == FIRST_RESPONSE,
        clock_intervals.c.cycle == work.case["cycle"],
    )
    work.tx.conn.execute(running.values(values))
