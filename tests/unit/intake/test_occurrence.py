"""When it happened: the city's zone where none is given, and only what a memory can hold."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.intake.domain.occurrence import ImplausibleMoment, moment_of

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20T21:30:00-05:00", "2026-11-20T21:30:00-05:00"),
        ("2026-11-20", "2026-11-20T00:00:00-05:00"),
        ("2026-07-04T12:00", "2026-07-04T12:00:00-04:00"),
        ("2026-11-20 21:30:00Z", "2026-11-20T21:30:00+00:00"),
        ("1950-01-01", "1950-01-01T00:00:00-05:00"),
    ],
)
def test_the_citys_zone_fills_in(written, meant):
    assert moment_of(written, ZONE, NOW).isoformat() == meant


@pytest.mark.parametrize("written", ["2999-01-01", "2026-11-25", "2027-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_future_is_refused(written):
    with pytest.raises(ImplausibleMoment, match="future"):
        moment_of(written, ZONE, NOW)


@pytest.mark.parametrize("written", ["1850-01-01", "0001-01-01", "0001-01-01T00:00:00+14:00", "1926-11-01"])
def test_what_nobody_remembers_is_refused(written):
    with pytest.raises(ImplausibleMoment, match="past"):
        moment_of(written, ZONE, NOW)


def test_clocks_may_differ_by_a_day():
    assert moment_of("2026-11-23T20:00:00Z", ZONE, NOW)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2026-13-01", "2026-02-30", "20261120", "2026-W47-5", "12", "2026-11-20T25:00", "2026-1-1"],
)
def test_anything_else_is_no_moment(written):
    with pytest.raises(ValueError):
        moment_of(written, ZONE, NOW)
