"""Offsets that could not be stored: kept for the lanes that stayed, and for no other."""

from typing import Any

import pytest
from kafka import TopicPartition as KafkaLane
from kafka.errors import KafkaTimeoutError
from kafka.structs import MemberState

from shared.bus import BusUnavailable, TopicPartition
from shared.bus.kafka.cluster import Cluster
from shared.bus.kafka.subscriber import KafkaSubscriber

LANES = [KafkaLane("commonground.cases", number) for number in (0, 1)]
OURS = [TopicPartition(*lane) for lane in LANES]


class Consumer:
    """A consumer without a broker; it stores offsets unless it is told to fail."""

    def __init__(self) -> None:
        self.fails = False
        self.stored: dict[KafkaLane, int] = {}
        self.state = MemberState.STABLE
        self.listener: Any = None

    def subscribe(self, topics: list[str], listener: Any) -> None:
        self.listener = listener

    def assignment(self) -> set[KafkaLane]:
        return set(LANES)

    def commit(self, offsets: dict[KafkaLane, Any], timeout_ms: int) -> None:
        if self.fails:
            raise KafkaTimeoutError("no answer")
        self.stored |= {lane: stored.offset for lane, stored in offsets.items()}

    def poll(self, timeout_ms: int, max_records: int) -> dict[KafkaLane, Any]:
        return {}

    def group_metadata(self) -> Any:
        return self


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Consumer:
    made = Consumer()
    monkeypatch.setattr(Cluster, "build", lambda *_args, **_options: made)
    return made


@pytest.fixture
def member(consumer: Consumer) -> KafkaSubscriber:
    """A member whose first commit has failed."""
    subscriber = KafkaSubscriber(Cluster(("nowhere:1",)), "commonground.routing", ["commonground.cases"])
    consumer.fails = True
    with pytest.raises(BusUnavailable):
        subscriber.commit({OURS[0]: 5, OURS[1]: 7})
    return subscriber


def test_while_it_still_fails_every_poll_says_so(member: KafkaSubscriber) -> None:
    for _ in range(2):
        with pytest.raises(BusUnavailable):
            member.poll(10, 0.0)


def test_the_next_poll_that_can_stores_them(member: KafkaSubscriber, consumer: Consumer) -> None:
    consumer.fails = False
    member.poll(10, 0.0)
    assert consumer.stored == {LANES[0]: 5, LANES[1]: 7}


def test_a_newer_offset_of_a_lane_takes_the_place_of_the_older(member: KafkaSubscriber, consumer: Consumer) -> None:
    consumer.fails = False
    member.commit({OURS[0]: 9})
    assert consumer.stored == {LANES[0]: 9, LANES[1]: 7}


@pytest.mark.parametrize("goes", ["on_partitions_revoked", "on_partitions_lost"])
def test_a_lane_that_went_away_and_came_back_is_where_others_left_it(
    member: KafkaSubscriber, consumer: Consumer, goes: str
) -> None:
    getattr(consumer.listener, goes)([LANES[0]])
    consumer.listener.on_partitions_assigned([LANES[0]])
    consumer.fails = False
    member.poll(10, 0.0)
    assert consumer.stored == {LANES[1]: 7}
