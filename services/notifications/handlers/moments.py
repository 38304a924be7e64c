"""A promised moment in words that stay true however late they are read."""

from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

from shared.cities import City

# Typographic spaces would turn a text of one segment into one of three.
PLAIN_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


def in_words(moment: datetime, city: City, language: str) -> str:
    """Such as "Friday, November 20, 4:00 PM", in the city's zone and the way the language writes it."""
    local = moment.astimezone(city.time_zone)
    locale = _locale(language, city.country)
    weekday, day = format_date(local, "EEEE", locale=locale), format_skeleton("MMMMd", local, locale=locale)
    return f"{weekday}, {day}, {format_time(local, 'short', locale=locale)}".translate(PLAIN_SPACES)


def _locale(language: str, country: str) -> Locale:
    base = language.partition("-")[0].lower()
    for name in (f"{base}_{country}", base):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")
