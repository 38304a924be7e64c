"""A consumer that reads nothing: outage, idleness or a client that stands still."""

from typing import Any

import pytest
from kafka import TopicPartition as KafkaLane
from kafka.errors import KafkaTimeoutError
from kafka.structs import MemberState

from shared.bus import BusStuck, BusUnavailable
from shared.bus.kafka.watchdog import Watchdog

LANE = KafkaLane("commonground.cases", 3)


class Consumer:
    """A consumer whose position, end and state the test sets."""

    def __init__(self) -> None:
        self.end: int | None = 10
        self.at = 10
        self.state = MemberState.STABLE
        self.asked: list[list[KafkaLane]] = []
        self.lanes = {LANE}

    def assignment(self) -> set[KafkaLane]:
        return self.lanes

    def end_offsets(self, lanes: list[KafkaLane], timeout_ms: int) -> dict[KafkaLane, int]:
        self.asked.append(lanes)
        if self.end is None:
            raise KafkaTimeoutError("no answer")
        return dict.fromkeys(lanes, self.end)

    def position(self, lane: KafkaLane, timeout_ms: int) -> int:
        return self.at

    def group_metadata(self) -> Any:
        return self


class Time:
    """A monotonic clock the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def consumer() -> Consumer:
    return Consumer()


@pytest.fixture
def watchdog(consumer: Consumer, time: Time) -> Watchdog:
    return Watchdog(consumer, ["commonground.cases"], time)


def look_for(watchdog: Watchdog, time: Time, seconds: int) -> None:
    for _ in range(seconds):
        time.now += 1
        watchdog.look()


def test_it_asks_the_broker_only_every_few_seconds(watchdog: Watchdog, time: Time, consumer: Consumer) -> None:
    look_for(watchdog, time, 20)
    assert len(consumer.asked) == 4


def test_a_broker_that_does_not_answer_is_an_outage(watchdog: Watchdog, time: Time, consumer: Consumer) -> None:
    consumer.end = None
    with pytest.raises(BusUnavailable, match="no answer"):
        look_for(watchdog, time, 6)


def test_idleness_is_fine_for_ever(watchdog: Watchdog, time: Time) -> None:
    look_for(watchdog, time, 1000)


def test_standing_still_before_the_end_is_stuck(watchdog: Watchdog, time: Time, consumer: Consumer) -> None:
    consumer.at = 9
    look_for(watchdog, time, 60)
    with pytest.raises(BusStuck, match="9 of 10"):
        look_for(watchdog, time, 20)


def test_moving_on_however_slowly_is_fine(watchdog: Watchdog, time: Time, consumer: Consumer) -> None:
    consumer.end = 1000
    for _ in range(20):
        consumer.at += 1
        look_for(watchdog, time, 30)


def test_a_group_that_never_lets_us_in_is_stuck(watchdog: Watchdog, time: Time, consumer: Consumer) -> None:
    consumer.state, consumer.lanes = MemberState.REBALANCING, set()
    look_for(watchdog, time, 355)
    with pytest.raises(BusStuck, match="has not let us in"):
        look_for(watchdog, time, 20)


def test_without_lanes_it_still_asks_the_broker(watchdog: Watchdog, time: Time, consumer: Consumer) -> None:
    consumer.lanes = set()
    look_for(watchdog, time, 6)
    assert consumer.asked == [[KafkaLane("commonground.cases", 0)]]
