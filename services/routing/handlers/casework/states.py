"""Moving a case from one state to the next, with what belongs to it: clocks, windows, the event."""

from services.routing.domain.states import PUBLIC_STATES
from services.routing.handlers.casework.clocks import (
    end_dispute_window,
    end_promise,
    start_clock_again,
    start_dispute_window,
    stop_clock,
)
from services.routing.handlers.casework.work import Work


def move(
    work: Work, to: str, *, reason: str | None = None, outcome: str | None = None, sentence: str | None = None
) -> None:
    """Publish state.changed and let clocks follow. `reason` is a code: a person's own words go elsewhere.

    The sentence is what the resident is told, so it stops the first-response clock as a reply does.
    """
    origin = work.case["state"]
    sealed, fields = work.seal("state.changed", {"sentence": sentence}) if sentence else (None, NOTHING_SEALED)
    work.case["state"] = to
    event_id = work.step(
        "state.changed",
        {
            "from_state": origin,
            "to_state": to,
            "public_state": PUBLIC_STATES[to],
            "by": str(work.actor_id) if work.actor_id else None,
            "reason": reason,
            "outcome": outcome,
            "at": work.now.isoformat(),
            **fields,
        },
    )
    if sealed is not None:
        # The event's id names the words, so that a delivery receipt finds them.
        work.keep("sentence", sealed, id=event_id)
        stop_clock(work)
    _follow(work, origin, to, outcome)


NOTHING_SEALED = {"key": None, "sealed": None}


def _follow(work: Work, origin: str, to: str, outcome: str | None) -> None:
    if origin == "resolved":
        end_dispute_window(work)
    if to == "resolved":
        work.case["outcome"] = outcome
        start_dispute_window(work)
    if to == "closed":
        end_promise(work)
    if origin == "closed":
        start_clock_again(work)
