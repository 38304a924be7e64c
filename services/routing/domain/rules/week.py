"""Windows of the week, such as "Mo-Fr 22:00-06:00": written as people write them, asked by the minute."""

import re
from datetime import datetime

#: The spelling of OpenStreetMap's opening hours, of which this is the plain part.
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY = 24 * 60
WEEK = 7 * DAY

#: From the first minute to before the last, counted from Monday 00:00; never over the end of the week.
Window = tuple[int, int]

_DAYS = r"(?:(?:{0})(?:-(?:{0}))?)".format("|".join(DAYS))
_WRITTEN = re.compile(
    rf"(?:(?P<days>{_DAYS}(?:,{_DAYS})*) +)?(?P<from>\d\d?:\d\d) *- *(?P<to>\d\d?:\d\d)\Z"
)  # fmt: skip


def windows(written: str) -> tuple[Window, ...]:
    """The windows, sorted and apart. No days means every day; an end before the beginning is on the next day.

    Raises ValueError with what is wrong.

    >>> windows("Mo 08:00-12:00")
    ((480, 720),)
    """
    found: set[int] = set()
    for part in written.split(";"):
        found |= _minutes(part.strip())
    return _joined(found)


def _minutes(part: str) -> set[int]:
    read = _WRITTEN.match(part)
    if read is None:
        raise ValueError(f'"{part}" is no time of the week. Write it as "Mo-Fr 08:00-18:00".')
    start, end = _minute(read["from"]), _minute(read["to"])
    if start == end:
        raise ValueError(f'"{part}" begins and ends at the same moment. For a whole day write 00:00-24:00.')
    length = (end - start) % DAY or DAY
    return {
        (day * DAY + start + minute) % WEEK
        for day in _days(read["days"] or "Mo-Su")
        for minute in range(length)
    }  # fmt: skip


def _minute(clock: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    if hour * 60 + minute > DAY or minute > 59:
        raise ValueError(f'"{clock}" is no time of the day.')
    return hour * 60 + minute


def _days(written: str) -> set[int]:
    found = set()
    for part in written.split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found |= {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}
    return found


def _joined(minutes: set[int]) -> tuple[Window, ...]:
    begins = sorted(minute for minute in minutes if minute - 1 not in minutes)
    ends = sorted(minute + 1 for minute in minutes if minute + 1 not in minutes)
    return tuple(zip(begins, ends, strict=True))


def within(found: tuple[Window, ...], at: datetime) -> bool:
    """Whether the local moment lies in one of the windows."""
    minute = at.weekday() * DAY + at.hour * 60 + at.minute
    return any(start <= minute < end for start, end in found)
