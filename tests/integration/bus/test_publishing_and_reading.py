"""What is published is read as it was, in order, and never more of it than asked."""

import pytest

from shared.bus import MAX_MESSAGE_BYTES, Bus, BusUnavailable, Message, MessageTooLarge, Record, TopicPartition
from shared.bus.partitioning import partition_of
from tests.integration.bus.actors import (
    GROUP,
    TOPIC,
    collect,
    member_of,
    nothing_comes,
    numbered,
    numbers,
    publish,
    publisher_of,
)


def test_events_of_one_key_arrive_in_the_order_they_were_published(bus: Bus) -> None:
    with publisher_of(bus) as publisher, member_of(bus) as member:
        for start in range(0, 300, 60):
            assert all(publisher.publish(numbered(60, keys=7, start=start), timeout_s=20))
        records = collect(member, 300)
    by_key: dict[bytes | None, list[int]] = {}
    for record in records:
        by_key.setdefault(record.key, []).extend(numbers([record]))
    assert by_key == {f"case-{key}".encode(): list(range(key, 300, 7)) for key in range(7)}


def test_a_key_lies_in_the_lane_kafka_would_choose(bus: Bus) -> None:
    publish(bus, numbered(50, keys=50))
    with member_of(bus) as member:
        for record in collect(member, 50):
            assert record.partition == partition_of(record.key or b"", TOPIC.partitions)


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        pytest.param(b"{}", (("ce_id", b"1"), ("ce_type", "Wörter 字".encode())), id="headers"),
        pytest.param(b"{}", (("twice", b"a"), ("twice", b"b"), ("empty", b"")), id="repeated headers"),
        pytest.param(b"", (), id="empty body"),
        pytest.param(None, (("ce_id", b"1"),), id="tombstone"),
        pytest.param(bytes(range(256)) * 3900, (), id="998,400 bytes"),
    ],
)
def test_key_body_and_headers_come_back_unchanged(
    bus: Bus, value: bytes | None, headers: tuple[tuple[str, bytes], ...]
) -> None:
    publish(bus, [Message(TOPIC.name, b"\x00key\xff", value, headers)])
    with member_of(bus) as member:
        [record] = collect(member, 1)
    assert (record.topic, record.key, record.value, record.headers) == (
        TOPIC.name,
        b"\x00key\xff",
        value,
        headers,
    )
    assert record.timestamp_ms > 1_600_000_000_000


def test_a_poll_returns_no_more_than_asked_and_loses_nothing_by_it(bus: Bus) -> None:
    publish(bus, numbered(100))
    found: list[Record] = []
    with member_of(bus) as member:
        while len(found) < 100:
            batch = member.poll(7, timeout_s=0.5)
            assert len(batch) <= 7
            found += batch
        assert nothing_comes(member)
    assert sorted(numbers(found)) == list(range(100))


def test_a_lane_with_a_flood_does_not_starve_the_others(bus: Bus) -> None:
    flood = [Message(TOPIC.name, b"flood", b"0" * 1024)] * 4000
    others = [Message(TOPIC.name, f"quiet-{n}".encode(), b"1") for n in range(20)]
    publish(bus, flood)
    publish(bus, others)
    with member_of(bus) as member:
        first = collect(member, 3000)
    assert {record.partition for record in first} == {partition_of(m.key, 4) for m in others + flood[:1]}


def test_an_empty_batch_is_confirmed_without_the_bus(bus: Bus) -> None:
    with publisher_of(bus) as publisher:
        assert publisher.publish([], timeout_s=1) == []


def test_a_message_over_the_limit_is_refused_before_anything_of_its_batch_is_sent(bus: Bus) -> None:
    big = Message(TOPIC.name, b"k", b"x" * MAX_MESSAGE_BYTES)
    with publisher_of(bus) as publisher:
        with pytest.raises(MessageTooLarge, match="1,000,001 bytes"):
            publisher.publish([*numbered(3), big], timeout_s=10)
        assert bus.lag(GROUP, [TOPIC.name]).records == 0
        assert publisher.publish(numbered(1), timeout_s=10) == [True]


def test_a_message_at_the_limit_is_taken(bus: Bus) -> None:
    publish(bus, [Message(TOPIC.name, b"k", b"x" * (MAX_MESSAGE_BYTES - 1))])


def test_publishing_to_a_topic_that_does_not_exist_is_an_outage_not_a_loss(bus: Bus) -> None:
    with publisher_of(bus) as publisher:
        with pytest.raises(BusUnavailable, match=r"commonground\.nowhere|update metadata"):
            publisher.publish([Message("commonground.nowhere", b"k", b"v")], timeout_s=1)
        assert publisher.publish(numbered(1), timeout_s=10) == [True]


def test_single_lanes_can_be_read_outside_any_group(bus: Bus) -> None:
    publish(bus, numbered(20, keys=1))
    lane = TopicPartition(TOPIC.name, partition_of(b"case-0", TOPIC.partitions))
    assert numbers(bus.read(lane, 5, 9)) == [5, 6, 7, 8]
    assert numbers(bus.read(lane, 18, 1000)) == [18, 19]
    assert bus.read(lane, 20, 30) == []
    assert bus.lag(GROUP, [TOPIC.name]).records == 20
