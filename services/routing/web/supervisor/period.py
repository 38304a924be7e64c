"""The days a report is about: asked for in the address, the last four weeks by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from babel.dates import format_interval
from flask_babel import get_locale, gettext

from services.routing.domain.refusals import Invalid

USUAL = timedelta(days=27)
WEEK, MOST_STRETCHES = 7, 13
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both counted, in the city's time."""

    first: date
    last: date
    zone: tzinfo

    @classmethod
    def of(cls, asked: Mapping[str, str], now: datetime, zone: tzinfo) -> "Period":
        """From the address. Raises Invalid with the field that is no day, or when the days run backwards."""
        today = now.astimezone(zone).date()
        last = _day(asked, "to", today)
        first = _day(asked, "from", last - USUAL)
        if first > last:
            raise Invalid("/from", "backwards", gettext("The first day comes after the last."))
        return cls(first, last, zone)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """As many days right before it."""
        length = timedelta(days=self.days)
        return Period(max(self.first - length, EARLIEST), self.last - length, self.zone)

    def stretches(self) -> list["Period"]:
        """Its weeks, or as many longer stretches of equal length as fit a table; the earliest may be shorter."""
        length = max(WEEK, -(-self.days // MOST_STRETCHES))
        lasts = [self.last - timedelta(days=back) for back in range(0, self.days, length)]
        return [
            Period(max(self.first, last - timedelta(days=length - 1)), last, self.zone) for last in reversed(lasts)
        ]

    def words(self) -> str:
        """Such as "Nov 1 – 22, 2026"."""
        return str(format_interval(self.first, self.last, "yMMMd", locale=get_locale()))

    def short(self) -> str:
        """The same without the year, for rows."""
        return str(format_interval(self.first, self.last, "MMMd", locale=get_locale()))

    def address(self) -> dict[str, str]:
        """Its part of an address."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


def _day(asked: Mapping[str, str], name: str, usual: date) -> date:
    given = asked.get(name, "").strip()
    if not given:
        return usual
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise Invalid(f"/{name}", "no_day", gettext("Write a day as 2026-11-20.")) from None
    if not EARLIEST <= day <= LATEST:
        raise Invalid(f"/{name}", "no_day", gettext("Choose a day between 2000 and 2100."))
    return day
