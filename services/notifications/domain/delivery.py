"""The states of a message, and what a carrier's word may change about them."""

from collections.abc import Mapping
from types import MappingProxyType

PENDING, SENDING, HELD = "pending", "sending", "held"
ACCEPTED, UNKNOWN = "accepted", "unknown"
DELIVERED, UNDELIVERED, REJECTED, SUPPRESSED = "delivered", "undelivered", "rejected", "suppressed"
STATES = (PENDING, SENDING, HELD, ACCEPTED, UNKNOWN, DELIVERED, UNDELIVERED, REJECTED, SUPPRESSED)
#: States that an operator watches: something is to come, or somebody should look.
OPEN_STATES = (PENDING, SENDING, HELD, UNKNOWN)

#: What others are told (delivery.changed); states that are not here are nobody else's business.
ANNOUNCED: Mapping[str, str] = MappingProxyType(
    {
        ACCEPTED: "accepted",
        DELIVERED: "delivered",
        UNDELIVERED: "undelivered",
        REJECTED: "failed",
        SUPPRESSED: "failed",
        UNKNOWN: "unknown",
        HELD: "held",
    }
)

# Message statuses of Twilio: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
# They arrive in any order; a higher rank never gives way to a lower or equal one.
RANKS: Mapping[str, int] = MappingProxyType(
    {
        "accepted": 1,
        "scheduled": 2,
        "queued": 3,
        "sending": 4,
        "sent": 5,
        "delivered": 9,
        "undelivered": 9,
        "failed": 9,
        "canceled": 9,
        "read": 9,
    }
)
MEANS: Mapping[str, str] = MappingProxyType(
    {
        "delivered": DELIVERED,
        "read": DELIVERED,
        "undelivered": UNDELIVERED,
        "failed": UNDELIVERED,
        "canceled": UNDELIVERED,
    }
)


def moves_on(known: str | None, reported: str) -> bool:
    """Whether a carrier's status adds to what is known; statuses we never heard of add nothing."""
    return RANKS.get(reported, 0) > RANKS.get(known or "", 0)


def state_after(reported: str) -> str:
    """The state of a message whose carrier reports this: at least it was taken."""
    return MEANS.get(reported, ACCEPTED)
