"""A calendar: opening hours as OpenStreetMap writes them, in one time zone, as open intervals year by year.

The way of writing is https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification; it knows split shifts,
seasons, single days and 24/7. What it leaves open ("unknown") counts as closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State, validate

from shared.hours.open_hours import NOTHING, OpenHours, Span

ALWAYS = "24/7"
#: A calendar that stays shut this long counts every hour: a promise needs a moment at which it ends.
HORIZON_YEARS = 5
_DAY = timedelta(days=1)
_STEP = timedelta(hours=6)
_YEARS_KEPT = 1_024


class Unreadable(ValueError):
    """The opening hours are not written as OpenStreetMap writes them."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """An IANA time zone and opening hours in it. Two that say the same are the same, and share their years.

    The minute a clock on the wall shows decides: what is skipped in spring is never open, and an hour that
    comes twice in autumn is open twice.
    """

    zone: str
    opening_hours: str

    def __post_init__(self) -> None:
        if not validate(self.opening_hours):
            raise Unreadable(Unreadable.__doc__)

    @property
    def always(self) -> bool:
        """Whether it never closes."""
        return self.opening_hours == ALWAYS

    def year(self, year: int) -> OpenHours:
        """The open intervals of a year, counted in UTC."""
        return _year(self.zone, self.opening_hours, year)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two moments."""
        years = range(start.year, end.year + 1)
        return sum((self.year(year).between(start, end) for year in years), NOTHING)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The first moment by which so much open time has passed."""
        left = span
        for year in range(start.year, start.year + HORIZON_YEARS):
            hours = self.year(year)
            found = hours.after(start, left)
            if found is not None:
                return found
            left -= hours.total - hours.until(start)
        return start + span

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open then."""
        return self.year(moment.astimezone(UTC).year).is_open(moment)


@lru_cache(maxsize=_YEARS_KEPT)
def _year(zone: str, opening_hours: str, year: int) -> OpenHours:
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    wall = _on_the_wall(opening_hours, start - _DAY, end + _DAY)
    stretches = _stretches(ZoneInfo(zone), start, end)
    return OpenHours.of(span for stretch in stretches for span in _shown(wall, stretch))


def _on_the_wall(opening_hours: str, start: datetime, end: datetime) -> list[Span]:
    """What is open, in the time a clock on the wall shows."""
    intervals = OpeningHours(opening_hours).intervals(start.replace(tzinfo=None), end.replace(tzinfo=None))
    return [(since, until) for since, until, state, _ in intervals if state == State.OPEN]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time in which the zone keeps one distance from UTC."""

    start: datetime
    end: datetime
    offset: timedelta


def _stretches(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[_Stretch]:
    begin, offset = start, _offset(zone, start)
    at = start
    while at < end:
        later = min(at + _STEP, end)
        if _offset(zone, later) != offset:
            change = _change(zone, at, later)
            yield _Stretch(begin, change, offset)
            begin, offset = change, _offset(zone, change)
        at = later
    yield _Stretch(begin, end, offset)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the clocks are changed, somewhere between."""
    old = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + ((after - before) // timedelta(seconds=2)) * timedelta(seconds=1)
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _shown(wall: list[Span], stretch: _Stretch) -> Iterator[Span]:
    """The part of the open intervals that the clock shows within the stretch, in UTC."""
    for since, until in wall:
        start, end = (moment.replace(tzinfo=UTC) - stretch.offset for moment in (since, until))
        if start < stretch.end and end > stretch.start:
            yield max(start, stretch.start), min(end, stretch.end)
