"""The calendars of a city pack: opening hours, public holidays and single days become one line of open hours."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import holidays

from shared.hours import Calendar, Unreadable
from shared.hours.calendar import ALWAYS

OFF = "off"
_HOLIDAYS = re.compile(r"\b[PS]H\b")
#: Holidays are written out one by one, so that a case keeps those that were known when it came.
YEARS_BEFORE, YEARS_AFTER = 1, 3


def around_the_clock(zone: str) -> Calendar:
    """The calendar of a policy that names none."""
    return Calendar(zone, ALWAYS)


def read(form: Mapping[str, Any], problems: list[str]) -> dict[str, Calendar]:
    """The calendars by code; what is wrong with one is added to `problems`, and it counts as always open."""
    year = datetime.now(UTC).year
    return {entry["code"]: _calendar(entry, form["time_zone"], year, problems) for entry in form["calendar"]}


def _calendar(entry: Mapping[str, Any], city_zone: str, year: int, problems: list[str]) -> Calendar:
    zone, place = entry["time_zone"] or city_zone, f"calendar {entry['code']}"
    if _HOLIDAYS.search(entry["opening_hours"]):
        # Which days these are depends on a country that the line does not name: nobody would be told.
        problems.append(f'{place}: opening_hours says PH or SH; write holidays = "US-PA" or single days instead')
    try:
        calendar = Calendar(zone, "; ".join([entry["opening_hours"], *_days(entry, year)]))
    except Unreadable:
        problems.append(
            f"{place}: opening_hours or days cannot be read; write them as OpenStreetMap does, such as "
            "Mo-Fr 09:00-12:30,13:30-17:00"
        )
    except NotImplementedError:
        problems.append(f"{place}: the public holidays of {entry['holidays']} are not known; write US or US-PA")
    else:
        if any(calendar.year(each).total for each in (year, year + 1)):
            return calendar
        problems.append(f"{place} has no open hour this year or next; nobody could keep a promise in it")
    return around_the_clock(zone)


def _days(entry: Mapping[str, Any], year: int) -> Iterator[str]:
    """Days that are otherwise, the later ones over the earlier: holidays, then what the city wrote itself."""
    for day in _holidays(entry["holidays"], year):
        yield f"{_written(day)} {OFF}"
    for day, times in sorted(entry["days"].items()):
        yield f"{_written(day)} {times}"


def _holidays(place: str | None, year: int) -> list[date]:
    """The public holidays of a country, or of a part of it: US, US-PA. Raises NotImplementedError."""
    if place is None:
        return []
    country, _, part = place.partition("-")
    years = range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)
    return sorted(holidays.country_holidays(country, subdiv=part or None, years=years))


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _written(day: date) -> str:
    """As OpenStreetMap writes a day; never in the language of the machine."""
    return f"{day.year} {MONTHS[day.month - 1]} {day.day:02}"
