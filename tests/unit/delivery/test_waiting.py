"""Waits grow and are bounded; outages are waited out, mistakes are not."""

import threading
from itertools import pairwise

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from shared.backoff import delay_s
from shared.bus import BusStuck, BusUnavailable, Lag, TopicPartition
from shared.failures import Patience, in_words, is_away
from shared.pulse import Pulse
from shared.worker.housekeeping import Progress

LANE = TopicPartition("t", 0)


def test_delays_grow_to_a_limit():
    delays = [delay_s(tries, first_s=0.1, most_s=5.0) for tries in (1, 2, 3, 6, 7, 1_000_000)]
    assert delays == [0.1, 0.2, 0.4, 3.2, 5.0, 5.0]
    assert all(one <= two for one, two in pairwise(delays))


def test_patience_pauses_and_says_so():
    pulse = Pulse()
    patience = Patience("relay", pulse)
    patience.wait_out(BusUnavailable("away"))
    assert pulse.paused_by == "BusUnavailable"
    patience.rewarded()
    assert pulse.paused_by is None


def test_patience_ends_at_once_when_asked_to_stop():
    stop = threading.Event()
    stop.set()
    patience = Patience("relay", Pulse(stop))
    for _ in range(50):
        patience.wait_out(BusUnavailable("away"))


@pytest.mark.parametrize("error", [ValueError("x"), BusStuck("x"), IntegrityError("x", {}, Exception("x"))])
def test_patience_has_none_with_mistakes(error):
    with pytest.raises(type(error)):
        Patience("relay", Pulse()).wait_out(error)


def test_outages_are_told_from_mistakes():
    assert is_away(BusUnavailable("x"))
    assert is_away(OperationalError("x", {}, Exception("database is locked")))
    assert not is_away(OperationalError("x", {}, Exception("no such table: inbox")))
    assert not is_away(KeyError("x"))


def test_errors_in_words_quote_no_rows_and_fit_any_column():
    error = ValueError("first\x00 \ud800 line\nKey (phone)=(+12155550100) exists")
    assert in_words(error) == "ValueError: first\ufffd ? line"
    assert len(in_words(ValueError("x" * 10_000))) < 500


def test_a_pulse_wakes_at_once_when_stopped():
    pulse = Pulse()
    threading.Timer(0.01, pulse.stop).start()
    assert pulse.wait(30.0)
    assert pulse.stopping


def lag(committed, end=10):
    return Lag(committed={LANE: committed}, end={LANE: end})


def test_a_consumer_that_commits_nothing_although_records_wait_is_stuck():
    progress = Progress(0.0)
    progress.look(lag(3))
    with pytest.raises(BusStuck):
        progress.look(lag(3))


def test_a_consumer_that_moves_or_has_nothing_to_do_is_not_stuck():
    progress = Progress(0.0)
    for committed in (3, 4, 10, 10, 10):
        progress.look(lag(committed))


def test_a_pause_is_no_standstill():
    progress = Progress(0.05)
    progress.look(lag(3))
    threading.Event().wait(0.06)
    progress.rest()
    progress.look(lag(3))
