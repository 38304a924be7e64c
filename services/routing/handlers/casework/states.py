"""Moving a case from one state to the next, with what belongs to it: the window for a dispute, the event."""

from services.routing.domain.states import PUBLIC_STATES
from services.routing.handlers.casework.dispute import end_dispute_window, start_dispute_window
from services.routing.handlers.casework.work import Work


def move(
    work: Work, to: str, *, reason: str | None = None, outcome: str | None = None, sentence: str | None = None
) -> None:
    """Publish state.changed. `reason` is a code: a person's own words go elsewhere.

    Clocks follow when the work is saved.
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
    _follow(work, origin, to, outcome)


NOTHING_SEALED = {"key": None, "sealed": None}


def _follow(work: Work, origin: str, to: str, outcome: str | None) -> None:
    if origin == "resolved":
        end_dispute_window(work)
    if to == "resolved":
        work.case["outcome"] = outcome
        start_dispute_window(work)
