"""When it happened, as residents write it."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)
#: Clocks differ, and a date alone may already be tomorrow's somewhere.
AHEAD = timedelta(days=1)
#: Longer than a memory.
BACK = timedelta(days=100 * 365.25)


class ImplausibleMoment(ValueError):
    """The moment lies in the future or further back than a memory; the argument says which."""


def moment_of(written: str, zone: ZoneInfo, now: datetime) -> datetime:
    """An ISO 8601 moment; a date alone is its first minute, and no offset means the city's zone.

    Raises ImplausibleMoment("future" | "past"), or ValueError when it is no moment at all.
    """
    moment = _parsed(written.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if moment.year < now.year - 101:
        raise ImplausibleMoment("past")
    if moment.year > now.year + 1 or moment > now + AHEAD:
        raise ImplausibleMoment("future")
    if moment < now - BACK:
        raise ImplausibleMoment("past")
    return moment


def _parsed(written: str) -> datetime:
    # fromisoformat also takes week dates and basic forms; residents' programs write these two.
    if _DATE.fullmatch(written):
        return datetime.combine(date.fromisoformat(written), time())
    if not _MOMENT.match(written):
        raise ValueError("not a moment")
    return datetime.fromisoformat(written)
