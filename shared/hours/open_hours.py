"""Open time as a value: sorted intervals in UTC, how much of them lies between two moments, and what lies after."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

Span = tuple[datetime, datetime]
NOTHING = timedelta()


@dataclass(frozen=True)
class OpenHours:
    """Intervals that are open, each from a moment up to the next closed one; sorted, none touching another.

    Looking up is a binary search: the open time before each interval is added up once.
    """

    spans: tuple[Span, ...]
    _starts: list[datetime] = field(init=False, repr=False, compare=False)
    _before: list[timedelta] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [start for start, _ in self.spans])
        lengths = (end - start for start, end in self.spans)
        object.__setattr__(self, "_before", list(accumulate(lengths, initial=NOTHING)))

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "OpenHours":
        """From spans in any order; what overlaps or touches becomes one, what is empty falls out."""
        joined: list[Span] = []
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return cls(tuple(joined))

    @property
    def total(self) -> timedelta:
        """All of it."""
        return self._before[-1]

    def until(self, moment: datetime) -> timedelta:
        """How much of it lies before the moment."""
        last = bisect_right(self._starts, moment) - 1
        if last < 0:
            return NOTHING
        start, end = self.spans[last]
        return self._before[last] + (min(moment, end) - start)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of it lies between two moments; nothing when they stand the wrong way round."""
        return max(NOTHING, self.until(end) - self.until(start))

    def after(self, start: datetime, span: timedelta) -> datetime | None:
        """The first moment by which so much open time has passed since `start`; None when there is not as much."""
        if span <= NOTHING:
            return start
        wanted = self.until(start) + span
        if wanted > self.total:
            return None
        found = bisect_left(self._before, wanted) - 1
        return self.spans[found][0] + (wanted - self._before[found])

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        last = bisect_right(self._starts, moment) - 1
        return last >= 0 and moment < self.spans[last][1]
