"""The promises made to a resident: which clocks run, what stops them, what was kept, whom to tell when one breaks.

Everything is derived from the history of a case, the terms pinned to it and open hours handed in as a value.
"""

from services.routing.domain.clocks.derivation import intervals
from services.routing.domain.clocks.interval import DISPUTE_WINDOW, Interval, is_overdue
from services.routing.domain.clocks.ladder import to_be_told
from services.routing.domain.clocks.reading import AND_YET_ARRIVED, CONTACT_OUTCOMES, NOT_ARRIVED, REACHED, WAYS
from services.routing.domain.clocks.standing import Standing, standing
from services.routing.domain.clocks.telling import (
    ESCALATED,
    OVERDUE,
    WARNED,
    Telling,
    next_ring,
    ripe,
    tellings,
)
from services.routing.domain.clocks.terms import (
    ACCEPTANCE,
    CLOCKS,
    FIRST_RESPONSE,
    NEXT_RESPONSE,
    RESOLUTION,
    RESPONSES,
    RUNGS,
    Hours,
    Rung,
    Terms,
)

__all__ = [
    "ACCEPTANCE",
    "AND_YET_ARRIVED",
    "CLOCKS",
    "CONTACT_OUTCOMES",
    "DISPUTE_WINDOW",
    "ESCALATED",
    "FIRST_RESPONSE",
    "NEXT_RESPONSE",
    "NOT_ARRIVED",
    "OVERDUE",
    "REACHED",
    "RESOLUTION",
    "RESPONSES",
    "RUNGS",
    "WARNED",
    "WAYS",
    "Hours",
    "Interval",
    "Rung",
    "Standing",
    "Telling",
    "Terms",
    "intervals",
    "is_overdue",
    "next_ring",
    "ripe",
    "standing",
    "tellings",
    "to_be_told",
]
