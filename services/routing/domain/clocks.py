"""The promises made to a resident: when an answer is due, what stops the clock, what was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FIRST_RESPONSE = "first_response"
DISPUTE_WINDOW = timedelta(days=14)

#: A person's own words to the resident, in the history. Automatic and bulk messages write neither.
ANSWERS = ("reply.written",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One run of the first-response clock; a reopened case has another and keeps the old."""

    cycle: int
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None

    def kept(self, now: datetime) -> bool | None:
        """Whether the promise was kept; None while it may still be."""
        if self.stopped_at is not None:
            return self.stopped_at <= self.due_at
        return None if now <= self.due_at else False


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Whether a running promise is broken; None is no promise."""
    return due_at is not None and due_at < now


def first_response_intervals(
    started_at: datetime, promised: timedelta, history: Sequence[Mapping[str, Any]]
) -> list[Interval]:
    """The first-response clock worked out anew from the history (rows of type, at, data, by a person or not).

    A reply by a person stops it; so does the sentence that resolves a case. Reopening a closed case starts
    another run under the same promise.
    """
    intervals = [Interval(cycle=1, started_at=started_at, due_at=started_at + promised)]
    for entry in history:
        last = intervals[-1]
        if is_answer(entry) and last.stopped_at is None:
            intervals[-1] = Interval(
                cycle=last.cycle, started_at=last.started_at, due_at=last.due_at, stopped_at=entry["at"]
            )
        elif is_reopening(entry):
            at = entry["at"]
            intervals.append(Interval(cycle=last.cycle + 1, started_at=at, due_at=at + promised))
    return intervals


def is_answer(entry: Mapping[str, Any]) -> bool:
    """Whether a person told the resident something in this step of the history."""
    if entry["actor_id"] is None:
        return False
    return entry["type"] in ANSWERS or (
        entry["type"] == "state.changed" and entry["data"]["to_state"] == "resolved"
    )


def is_reopening(entry: Mapping[str, Any]) -> bool:
    """Whether a closed case came back to life in this step."""
    return bool(entry["type"] == "state.changed" and entry["data"]["from_state"] == "closed")
