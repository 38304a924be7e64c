"""Open time against a slow, obvious reference that looks at every minute of the clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.hours import Calendar, OpenHours, Unreadable

MINUTE = timedelta(minutes=1)
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "UTC")


class Pattern:
    """A week of shifts, in minutes of the day, and days that are otherwise; it says for any minute whether open."""

    def __init__(self, zone, week, days):
        self.zone, self.week, self.days = ZoneInfo(zone), week, days
        self.calendar = Calendar(zone, self.written())
        self._open = [minutes_of(shifts) for shifts in week]
        self._otherwise = {day: minutes_of(shifts) for day, shifts in days.items()}

    def written(self):
        rules = [f"{DAYS[day]} {times(shifts)}" for day, shifts in enumerate(self.week) if shifts]
        rules += [f"{day.year} {day:%b %d} {times(shifts) or 'off'}" for day, shifts in self.days.items()]
        return "; ".join(rules)

    def is_open(self, moment):
        wall = moment.astimezone(self.zone)
        minutes = self._otherwise.get(wall.date()) if self._otherwise else None
        return wall.hour * 60 + wall.minute in (self._open[wall.weekday()] if minutes is None else minutes)

    def between(self, start, end):
        """Minute by minute."""
        minutes = int((end - start) / MINUTE)
        return MINUTE * sum(self.is_open(start + MINUTE * number) for number in range(minutes))

    def after(self, start, span):
        """Minute by minute."""
        at = start
        while span > timedelta():
            span -= MINUTE * self.is_open(at)
            at += MINUTE
        return at


def minutes_of(shifts):
    return {minute for start, end in shifts for minute in range(start, end)}


def times(shifts):
    return ",".join(f"{clock(start)}-{clock(end)}" for start, end in shifts)


def clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def shifts(draw, least=0):
    """Up to three shifts of a day, apart from each other."""
    edges = draw(st.lists(st.integers(0, 1440), min_size=2 * least, max_size=6, unique=True).map(sorted))
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


#: Years in which both changes of daylight saving time are looked at, and the turn of a year.
MOMENTS = st.sampled_from(
    [
        datetime(year, month, day, tzinfo=UTC)
        for year in (2024, 2025, 2026, 2027)
        for month, day in ((1, 1), (3, 8), (3, 29), (4, 4), (6, 30), (10, 3), (10, 25), (11, 1), (12, 30))
    ]
)


@st.composite
def patterns(draw):
    zone = draw(st.sampled_from(ZONES))
    week = [draw(shifts(least=1))] + [draw(shifts()) for _ in range(6)]
    near = draw(MOMENTS)
    nearby = st.integers(-3, 6).map(lambda days: (near + timedelta(days=days)).date())
    return Pattern(zone, week, draw(st.dictionaries(nearby, shifts(), max_size=3))), near


@settings(max_examples=40, deadline=None)
@given(patterns(), st.integers(-2000, 4000), st.integers(0, 4000))
def test_time_between_two_moments_is_what_counting_minutes_gives(drawn, offset, length):
    pattern, near = drawn
    start = near + MINUTE * offset
    end = start + MINUTE * length
    assert pattern.calendar.between(start, end) == pattern.between(start, end)
    assert pattern.calendar.between(end, start) == timedelta()


@settings(max_examples=40, deadline=None)
@given(patterns(), st.integers(-2000, 4000), st.integers(1, 900))
def test_the_moment_after_so_much_open_time_is_what_counting_minutes_gives(drawn, offset, minutes):
    pattern, near = drawn
    start = near + MINUTE * offset
    if pattern.between(start, start + timedelta(days=40)) < MINUTE * minutes:
        return
    assert pattern.calendar.after(start, MINUTE * minutes) == pattern.after(start, MINUTE * minutes)


@settings(max_examples=60, deadline=None)
@given(patterns(), st.integers(-200_000, 400_000), st.floats(0.000001, 1))
def test_after_and_between_undo_each_other_over_years(drawn, offset, share):
    pattern, near = drawn
    start = near + MINUTE * offset
    span = pattern.calendar.between(start, start + timedelta(days=800)) * share
    at = pattern.calendar.after(start, span)
    assert pattern.calendar.between(start, at) == span
    assert pattern.calendar.between(start, at - timedelta(microseconds=1)) < span


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe"])
def test_two_whole_years_are_what_counting_minutes_gives(zone):
    week = [[(540, 750), (810, 1020)]] * 5 + [[(90, 200)], [(0, 1440)]]
    pattern = Pattern(zone, week, {date(2026, 12, 25): [], date(2027, 7, 4): [(600, 720)]})
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for month in range(24):
        end = start + timedelta(days=31)
        assert pattern.calendar.between(start, end) == pattern.between(start, end), month
        start = end


def test_the_hour_skipped_in_spring_is_never_open_and_the_one_that_comes_twice_is_open_twice():
    hours = Calendar("America/New_York", "Mo-Su 02:00-04:00")
    spring, autumn = datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert hours.between(spring, spring + timedelta(days=1)) == timedelta(hours=1)
    twice = Calendar("America/New_York", "Mo-Su 01:00-02:00")
    assert twice.between(autumn, autumn + timedelta(days=1)) == timedelta(hours=2)


def test_a_promise_that_ends_with_the_day_ends_that_day():
    friday = datetime(2026, 11, 20, 15, tzinfo=UTC)
    hours = Calendar("UTC", "Mo-Fr 09:00-12:30,13:30-17:00")
    assert hours.after(friday, timedelta(hours=2)) == friday + timedelta(hours=2)
    assert hours.after(friday, timedelta(hours=3)) == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert hours.after(friday, timedelta()) == friday
    assert hours.is_open(friday)
    assert not hours.is_open(friday + timedelta(hours=2))


def test_around_the_clock_is_plain_time():
    always = Calendar("America/New_York", "24/7")
    start = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)
    assert always.always
    assert always.after(start, timedelta(hours=48)) == start + timedelta(hours=48)
    assert always.between(start, start + timedelta(days=800)) == timedelta(days=800)


def test_what_stays_shut_for_years_counts_every_hour():
    shut = Calendar("UTC", "2020 Mo-Fr 09:00-17:00")
    start = datetime(2026, 11, 20, tzinfo=UTC)
    assert shut.after(start, timedelta(hours=5)) == start + timedelta(hours=5)
    assert shut.between(start, start + timedelta(days=9)) == timedelta()


def test_what_cannot_be_read_is_refused():
    with pytest.raises(Unreadable):
        Calendar("UTC", "weekdays nine to five")


def test_spans_that_overlap_or_touch_become_one():
    hours = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(9)]
    joined = OpenHours.of([(hours[4], hours[5]), (hours[1], hours[2]), (hours[2], hours[3]), (hours[8], hours[8])])
    assert joined.spans == ((hours[1], hours[3]), (hours[4], hours[5]))
    assert joined.total == timedelta(hours=3)
    assert joined.after(hours[0], timedelta(hours=4)) is None
