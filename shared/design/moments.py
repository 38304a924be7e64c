"""How times are said to people: "today 16:00", "Friday 21:12", then the date; and spans such as "5 h 40 m"."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton

Say = Callable[..., str]
"""gettext with named places: say("today %(time)s", time="16:00")."""

NEARBY_DAYS = 6


def spoken(at: datetime, now: datetime, zone: tzinfo, locale: Locale, say: Say) -> str:
    """The moment as people in the zone would say it now. Within six days the weekday, else the date."""
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    time = here.strftime("%H:%M")
    days = (here.date() - today).days
    if days == 0:
        return say("today %(time)s", time=time)
    if days == 1:
        return say("tomorrow %(time)s", time=time)
    if days == -1:
        return say("yesterday %(time)s", time=time)
    if abs(days) <= NEARBY_DAYS:
        return f"{format_date(here, 'EEEE', locale=locale)} {time}"
    return format_skeleton("MMMd" if here.year == today.year else "yMMMd", here, locale=locale)


def brief(at: datetime, now: datetime, zone: tzinfo, locale: Locale) -> str:
    """As short as it stays clear, for narrow columns: "22:44" today, "Tue 22:44", then "Nov 16"."""
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    days = abs((here.date() - today).days)
    if days == 0:
        return here.strftime("%H:%M")
    if days <= NEARBY_DAYS:
        return f"{format_date(here, 'EEE', locale=locale)} {here:%H:%M}"
    return format_skeleton("MMMd" if here.year == today.year else "yMMMd", here, locale=locale)


def exact(at: datetime, zone: tzinfo, locale: Locale) -> str:
    """The whole moment with weekday, year and zone, for the one who asks."""
    return format_datetime(at, "EEEE, d MMMM y, HH:mm zzz", tzinfo=zone, locale=locale)


def span(seconds: float, say: Say) -> str:
    """How long, in its two largest units: "40 m", "5 h 40 m", "3 d 4 h"; a negative span counts as its length."""
    minutes = round(abs(seconds) / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if hours >= 48 and hours_left:
        return say("%(days)s d %(hours)s h", days=days, hours=hours_left)
    if hours >= 48:
        return say("%(days)s d", days=days)
    if hours and minutes:
        return say("%(hours)s h %(minutes)s m", hours=hours, minutes=f"{minutes:02}")
    return say("%(hours)s h", hours=hours) if hours else say("%(minutes)s m", minutes=minutes)
