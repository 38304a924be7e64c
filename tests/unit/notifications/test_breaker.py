"""The breaker: when it opens, how it probes, when it closes."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.breaker import Breaker

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def after(results, breaker=None):
    breaker = breaker or Breaker()
    for result in results:
        breaker = breaker.after(failed=result == "x", now=NOW)
    return breaker


@pytest.mark.parametrize("results", ["xxxxx", "." * 30 + "xxxxx", ".x" * 10, ".." + "x." * 8 + "xx"])
def test_it_opens(results):
    assert after(results).opened_at == NOW


@pytest.mark.parametrize("results", ["", "xxxx", "....x" * 10, "x" * 4 + "." * 16 + "xxxx", "x.x.x.x.x.x.x.x.x."])
def test_it_stays_closed(results):
    assert after(results).opened_at is None


def test_half_of_twenty_needs_twenty():
    assert after("x." * 9).opened_at is None
    assert after("x." * 9 + ".x").opened_at == NOW


def test_an_open_one_permits_one_probe_after_thirty_seconds():
    opened = after("xxxxx")
    assert not opened.permits(NOW + timedelta(seconds=29))
    later = NOW + timedelta(seconds=30)
    assert opened.permits(later)
    probing = opened.probe(later)
    assert not probing.permits(later + timedelta(seconds=1))
    assert probing.permits(later + timedelta(seconds=30)), (
        "a probe nobody came back from does not close it for ever"
    )


def test_the_probe_decides():
    probing = after("xxxxx").probe(NOW)
    assert probing.after(failed=False, now=NOW) == Breaker()
    still = probing.after(failed=True, now=NOW + timedelta(seconds=1))
    assert not still.permits(NOW + timedelta(seconds=30))
    assert still.permits(NOW + timedelta(seconds=31))


def test_results_of_calls_from_before_it_opened_change_nothing():
    opened = after("xxxxx")
    assert opened.after(failed=False, now=NOW) == opened
    assert opened.after(failed=True, now=NOW + timedelta(seconds=20)) == opened
