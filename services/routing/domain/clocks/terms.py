"""What was promised: how long each clock may run, in which hours, and who hears of it when it runs too long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

FIRST_RESPONSE = "first_response"  # until a person first answers
NEXT_RESPONSE = "next_response"  # while the resident waits for the next answer
RESOLUTION = "resolution"  # until something came of it, without the time that others have to act
ACCEPTANCE = "acceptance"  # until an owner took it up; each owner has one
CLOCKS = (FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, ACCEPTANCE)
#: The clocks a resident waits by.
RESPONSES = (FIRST_RESPONSE, NEXT_RESPONSE)

#: Who can stand on a rung: the owner, whom she reports to, the keeper of her organisation's queue, oversight.
RUNGS = ("owner", "supervisor", "queue", "oversight")


class Hours(Protocol):
    """Open time, as a value: sorted intervals behind two questions."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two moments."""

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The first moment by which so much open time has passed."""


@dataclass(frozen=True, slots=True)
class Rung:
    """Whom to tell when a promise is broken, and how much open time after it was."""

    after: timedelta
    tell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a case. A clock without a span is not kept. `warning` is a share of the span, such as 0.75."""

    spans: Mapping[str, timedelta]
    hours: Hours
    warning: float = 0.75
    ladder: tuple[Rung, ...] = field(default=())
