"""Topics are created and checked, lag is counted, and a dead bus says so."""

import re
from dataclasses import replace

import pytest

from shared.bus import TOPICS, Bus, BusUnavailable, Topic, TopicPartition, connect
from tests.integration.bus.actors import GROUP, TOPIC, after, collect, member_of, numbered, publish

UNUSABLE = [
    pytest.param("sqlite:////proc/nowhere/bus.sqlite3", id="embedded"),
    pytest.param("kafka://127.0.0.1:1", id="kafka"),
]


def test_missing_topics_are_created_once_and_then_found_well(bus_url: str) -> None:
    bus = connect(bus_url)
    names = [topic.name for topic in TOPICS]
    assert len(bus.check_topics(TOPICS)) == len(names)
    assert sorted(bus.create_topics(TOPICS)) == sorted(names)
    assert bus.check_topics(TOPICS) == []
    assert bus.create_topics(TOPICS) == []
    bus.close()


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (replace(TOPIC, partitions=8), "4 partitions, not 8|partitions 4, not 8"),
        (replace(TOPIC, retention_days=3), "not 259200000|retention_days 7, not 3"),
        (replace(TOPIC, compacted=True), "delete, not compact|compacted 0, not 1"),
    ],
)
def test_a_topic_that_differs_is_described_and_left_alone(bus: Bus, wanted: Topic, problem: str) -> None:
    [sentence] = bus.check_topics([wanted])
    assert re.search(problem, sentence)
    assert bus.create_topics([wanted]) == []


def test_lag_counts_what_was_published_and_not_committed(bus: Bus) -> None:
    publish(bus, numbered(30))
    assert bus.lag(GROUP, [TOPIC.name]).records == 30
    with member_of(bus) as member:
        records = collect(member, 30, commit=False)
        member.commit(after(records))
        assert bus.lag(GROUP, [TOPIC.name]).records == 0
        publish(bus, numbered(7))
        assert bus.lag(GROUP, [TOPIC.name]).records == 7
    lag = bus.lag(GROUP, [TOPIC.name])
    assert set(lag.end) == {TopicPartition(TOPIC.name, number) for number in range(TOPIC.partitions)}
    assert bus.lag("commonground.intake", [TOPIC.name]).records == 37


def test_lag_of_a_topic_that_does_not_exist_is_not_zero(bus: Bus) -> None:
    with pytest.raises(BusUnavailable, match="nowhere"):
        bus.lag(GROUP, ["commonground.nowhere"])


def test_a_living_bus_answers_a_ping(bus: Bus) -> None:
    bus.ping(timeout_s=5)


@pytest.mark.parametrize("url", UNUSABLE)
def test_a_dead_bus_says_so_in_time(url: str) -> None:
    bus = connect(url)
    with pytest.raises(BusUnavailable):
        bus.ping(timeout_s=1)
    bus.close()


@pytest.mark.parametrize("url", UNUSABLE)
def test_every_question_to_a_dead_bus_is_answered_with_unavailable(url: str) -> None:
    bus = connect(url)
    publisher = bus.publisher()
    with pytest.raises(BusUnavailable):
        publisher.publish(numbered(1), timeout_s=1)
    with pytest.raises(BusUnavailable):
        bus.check_topics(TOPICS)
    publisher.close()
    bus.close()
