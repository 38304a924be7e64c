"""Days of a report: the city's own, both ends counted, across the change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.refusals import Invalid
from services.routing.web.supervisor.period import MOST_STRETCHES, Period

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)  # still the 22nd in the city


def test_the_last_four_weeks_by_default():
    period = Period.of({}, NOW, ZONE)
    assert (period.first, period.last, period.days) == (date(2026, 10, 26), date(2026, 11, 22), 28)


def test_the_days_begin_and_end_at_the_citys_midnight():
    period = Period.of({"from": "2026-11-01", "to": "2026-11-01"}, NOW, ZONE)
    # The clocks are set back that night: the day has 25 hours.
    assert period.end.astimezone(UTC) - period.start.astimezone(UTC) == timedelta(hours=25)


def test_only_the_last_day_given():
    assert Period.of({"to": "2026-03-31"}, NOW, ZONE).first == date(2026, 3, 4)


def test_before_is_as_long_and_touches():
    period = Period.of({"from": "2026-11-01", "to": "2026-11-22"}, NOW, ZONE)
    assert (period.before().first, period.before().last) == (date(2026, 10, 10), date(2026, 10, 31))
    assert period.before().end == period.start


@pytest.mark.parametrize(
    ("name", "day"),
    [("from", "soon"), ("to", "2026-02-30"), ("from", "2026-11-23"), ("to", "1999-12-31"), ("from", "2101-01-01")],
)  # fmt: skip
def test_no_days_are_refused_with_words(name, day):
    with pytest.raises(Invalid) as refused:
        Period.of({name: day}, NOW, ZONE)
    assert str(refused.value)


@given(st.dates(date(2001, 1, 1), date(2099, 1, 1)), st.integers(1, 3000))
def test_stretches_cover_the_period_once_and_are_few(first, days):
    period = Period(first, first + timedelta(days=days - 1), ZONE)
    stretches = period.stretches()
    assert len(stretches) <= MOST_STRETCHES
    covered = [each.first + timedelta(days=n) for each in stretches for n in range(each.days)]
    assert covered == [first + timedelta(days=n) for n in range(days)]


def test_the_words():
    period = Period.of({"from": "2026-11-01", "to": "2026-11-22"}, NOW, ZONE)
    assert period.words().replace("\u2009", " ") == "Nov 1 – 22, 2026"
    assert period.short().replace("\u2009", " ") == "Nov 1 – 22"
