"""Windows of the week, against reading them minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.rules.week import DAYS, windows, within

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("Mo-Fr 08:00-18:00", ["Mo 08:00", "Fr 17:59"], ["Mo 07:59", "Fr 18:00", "Sa 09:00"]),
        ("22:00-06:00", ["Mo 23:00", "Tu 05:59", "Mo 00:30"], ["Mo 06:00", "Su 21:59"]),
        ("Sa-Mo 00:00-24:00", ["Sa 00:00", "Su 12:00", "Mo 23:59"], ["Tu 00:00", "Fr 23:59"]),
        ("Mo,We 9:00-10:00; Su 23:00-01:00", ["We 09:30", "Su 23:30", "Mo 00:59"], ["Tu 09:30", "Mo 01:00"]),
    ],
)
def test_examples(written, inside, outside):
    found = windows(written)
    for said, expected in [(each, True) for each in inside] + [(each, False) for each in outside]:
        day, _, clock = said.partition(" ")
        hour, minute = map(int, clock.split(":"))
        at = MONDAY + timedelta(days=DAYS.index(day), hours=hour, minutes=minute)
        assert within(found, at) is expected, said


@pytest.mark.parametrize(
    "wrong", ["", "Mo", "Mo 8-10", "25:00-26:00", "08:61-09:00", "08:00-08:00", "Mon 08:00-09:00"]
)
def test_what_is_no_window(wrong):
    with pytest.raises(ValueError, match=r"no time|begins and ends"):
        windows(wrong)


CLOCK = st.integers(0, 23 * 60 + 59)


@given(st.sampled_from(DAYS), CLOCK, CLOCK, st.integers(0, 7 * 24 * 60 - 1))
def test_every_minute_of_one_window(day, start, end, minute):
    if start == end:
        return
    found = windows(f"{day} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}")
    length = (end - start) % (24 * 60)
    begun = DAYS.index(day) * 24 * 60 + start
    expected = any(begun <= minute + week < begun + length for week in (0, 7 * 24 * 60))
    assert within(found, MONDAY + timedelta(minutes=minute)) is expected
