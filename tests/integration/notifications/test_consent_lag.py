"""How late a STOP may be known: measured in time on the bus, and by what is put aside."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from services.notifications.models import parked
from services.notifications.sender import consent_lag
from services.notifications.sender.consent_lag import ConsentLag
from shared.bus import BusUnavailable, Lag, TopicPartition
from shared.events import full_type
from shared.ids import new_id

LANE = TopicPartition("commonground.feedback", 0)


class Pipe:
    """A bus that knows one lane."""

    def __init__(self):
        self.committed = self.end = 0

    def lag(self, group, topics):
        assert (group, list(topics)) == ("commonground.notifications", ["commonground.feedback"])
        return Lag(committed={LANE: self.committed}, end={LANE: self.end})


@pytest.fixture
def hour(monkeypatch):
    """The monotonic clock, moved by hand."""
    now = [1000.0]
    monkeypatch.setattr(consent_lag.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def pipe():
    return Pipe()


@pytest.fixture
def lag(pipe, stage, hour):
    return ConsentLag(pipe, "commonground.notifications", stage.outbox)


def test_before_the_first_look_nothing_is_known(lag):
    assert not lag.is_current()


def test_an_empty_topic_is_current(lag, hour):
    lag.look()
    assert lag.is_current()
    hour[0] += 5.1
    assert not lag.is_current(), "a measurement ages"


def test_unread_records_are_late_only_when_they_stay(lag, pipe, hour):
    lag.look()
    pipe.end = 100
    for _ in range(20):
        hour[0] += 0.5
        pipe.committed += 90
        pipe.end = pipe.committed + 50
        lag.look()
        assert lag.is_current(), "behind by records, never by seconds"


def test_a_consumer_that_stands_still_is_late_after_five_seconds(lag, pipe, hour):
    lag.look()
    pipe.end = 1
    for _ in range(9):
        hour[0] += 0.5
        lag.look()
    assert lag.is_current()
    hour[0] += 1.0
    lag.look()
    assert not lag.is_current()
    pipe.committed = 1
    lag.look()
    assert lag.is_current()


def test_reading_old_records_does_not_make_it_current(lag, pipe, hour):
    """A backlog is worked off: what was said a moment ago is still not known."""
    pipe.end = 10_000
    lag.look()
    for _ in range(30):
        hour[0] += 0.5
        pipe.committed += 300
        pipe.end += 10
        lag.look()
        assert not lag.is_current()


def test_a_bus_that_is_away_lets_the_measurement_age(lag, pipe, hour, monkeypatch):
    def nobody_there(*_asked):
        raise BusUnavailable("nobody there")

    lag.look()
    monkeypatch.setattr(pipe, "lag", nobody_there)
    hour[0] += 5.1
    lag.look()
    assert not lag.is_current()


CONSENT = full_type("consent.changed")
UNREADABLE = None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        *((CONSENT, reason) for reason in ("not_yet", "failed", "blocked", "gap", "dead")),
        (CONSENT.replace(".v1", ".v2"), "unknown_version"),
        (UNREADABLE, "undecodable"),
    ],
)
def test_a_consent_that_is_put_aside_for_long_is_not_known(stage, lag, kind, reason):
    put_aside(stage, kind, reason)
    lag.look()
    assert lag.is_current(), "for a moment it may wait"
    stage.clock.forward(seconds=6)
    lag.look()
    assert not lag.is_current()


def test_other_events_put_aside_do_not_matter(stage, lag):
    put_aside(stage, full_type("case.opened"), "not_yet")
    stage.clock.forward(seconds=60)
    lag.look()
    assert lag.is_current()


def put_aside(stage, kind, reason):
    now = stage.clock.now() - timedelta(milliseconds=1)
    with stage.outbox.transaction() as tx:
        tx.conn.execute(
            insert(parked).values(
                consumer="commonground.notifications",
                event_id=new_id(),
                topic="commonground.feedback",
                partition=0,
                offset=1,
                headers="[]",
                type=kind,
                source="/intake",
                subject=new_id(),
                sequence=1,
                reason=reason,
                attempts=1,
                waits=0,
                first_at=now,
                last_at=now,
            )
        )
