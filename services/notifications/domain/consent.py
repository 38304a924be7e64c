"""Whether a number may be texted, and how what its owner says changes that."""

from datetime import datetime

ALLOWED, STOPPED, ON_HOLD = "allowed", "stopped", "on_hold"
#: The owner's word was read, and a text begun before it is still being handed over: no other is begun.
STOPPING = "stopping"
STATUSES = (ALLOWED, STOPPING, STOPPED, ON_HOLD)
ENDING = frozenset({"stop", "hold"})


def status_after(status: str, action: str) -> str:
    """The status after a consent.changed with this action (stop, start, help, hold).

    A hold comes from free text that reads like "leave me alone": nothing goes out until a person
    has decided, but it never weakens a plain STOP.
    """
    if action == "stop":
        return STOPPED
    if action == "start":
        return ALLOWED
    if action == "hold" and status in (ALLOWED, STOPPING):
        return ON_HOLD
    return status


def ends_texts(status: str, since: datetime, begun_at: datetime) -> bool:
    """Whether a provider that refuses a text begun then, because of a STOP it knows of, ends texts.

    Not when the number's owner said START since: that is the newer word.
    """
    return status != STOPPED and not (status == ALLOWED and since > begun_at)
