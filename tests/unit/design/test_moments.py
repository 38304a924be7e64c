"""A time is said the way people say it, in the city's zone and the reader's language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from shared.design import moments

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 14, 32, tzinfo=ZONE)  # a Monday


def say(words, **places):
    return words % places


def spoken(at, language="en"):
    return moments.spoken(at, NOW, ZONE, Locale.parse(language), say)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 16, 0, tzinfo=ZONE), "today 16:00"),
        (datetime(2026, 11, 24, 9, 5, tzinfo=ZONE), "tomorrow 09:05"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=ZONE), "yesterday 23:59"),
        (datetime(2026, 11, 20, 21, 12, tzinfo=ZONE), "Friday 21:12"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=ZONE), "Friday 16:00"),
        (datetime(2026, 11, 16, 16, 0, tzinfo=ZONE), "Nov 16"),
        (datetime(2026, 12, 4, 16, 0, tzinfo=ZONE), "Dec 4"),
        (datetime(2027, 1, 4, 16, 0, tzinfo=ZONE), "Jan 4, 2027"),
    ],
)
def test_near_moments_are_named_and_far_ones_dated(at, words):
    assert spoken(at) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 9, 5, tzinfo=ZONE), "09:05"),
        (datetime(2026, 11, 20, 21, 12, tzinfo=ZONE), "Fri 21:12"),
        (datetime(2026, 11, 16, 16, 0, tzinfo=ZONE), "Nov 16"),
        (datetime(2025, 11, 16, 16, 0, tzinfo=ZONE), "Nov 16, 2025"),
    ],
)
def test_narrow_columns_get_the_shortest_clear_time(at, words):
    assert moments.brief(at, NOW, ZONE, Locale.parse("en")) == words


def test_a_weekday_never_means_two_days():
    """Six days off is still one weekday; the seventh would be today's own name."""
    assert spoken(datetime(2026, 11, 29, 8, 0, tzinfo=ZONE)) == "Sunday 08:00"
    assert spoken(datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)) == "Nov 30"


def test_the_city_decides_which_day_it_is():
    late = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 22:00 in the city
    assert spoken(late) == "today 22:00"


def test_the_readers_language_names_the_day():
    assert spoken(datetime(2026, 11, 20, 21, 12, tzinfo=ZONE), "es") == "viernes 21:12"


def test_the_exact_moment_has_year_and_zone():
    at = datetime(2026, 11, 21, 2, 12, tzinfo=UTC)
    assert moments.exact(at, ZONE, Locale.parse("en")) == "Friday, 20 November 2026, 21:12 EST"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 m"),
        (40 * 60, "40 m"),
        (5 * 3600 + 5 * 60, "5 h 05 m"),
        (26 * 3600, "26 h"),
        (47 * 3600 + 59 * 60, "47 h 59 m"),
        (76 * 3600, "3 d 4 h"),
        (72 * 3600 + 60, "3 d"),
        (-2 * 3600, "2 h"),
        (3599, "1 h"),
    ],
)
def test_spans_are_short(seconds, words):
    assert moments.span(seconds, say) == words
