"""The Kafka clients: a commit amid a rebalance, shared clusters, nothing left behind, nothing told."""

import logging
import threading
import time
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka import TopicPartition as KafkaLane

from shared.bus import BusUnavailable
from shared.bus.kafka import connect
from tests.integration.bus.actors import (
    GROUP,
    PATIENCE_S,
    TOPIC,
    after,
    collect,
    member_of,
    numbered,
    numbers,
    publish,
    reading,
    shared,
)
from tests.servers.processes import wait_until

pytestmark = pytest.mark.kafka


def test_a_commit_in_the_middle_of_a_rebalance_is_made_good_after_it(kafka_bus_url: str) -> None:
    bus = connect(kafka_bus_url)
    bus.create_topics([TOPIC])
    publish(bus, numbered(80, keys=40))
    with reading(bus, commit=False) as first:
        handled = after(first.came(80))
        first.stop()
        member = first.subscriber
        with reading(bus, commit=False) as newcomer:
            deadline = time.monotonic() + PATIENCE_S
            while not member._left_over:  # type: ignore[attr-defined]
                assert time.monotonic() < deadline, "no commit fell into the rebalance"
                member.poll(1, timeout_s=0.01)
                if not member._settled():  # type: ignore[attr-defined]
                    member.commit(handled)
            wait_until(lambda: member.poll(1, 0.1) == [] and len(newcomer.lanes) == 2, PATIENCE_S, "sharing")
            member.poll(1, timeout_s=0.1)
            committed = bus.lag(GROUP, [TOPIC.name]).committed
            kept = member.assignment()
            assert len(kept) == 2
            assert {lane: committed[lane] for lane in kept} == {lane: handled[lane] for lane in kept}
    bus.close()


def test_what_retention_took_away_is_no_lag(kafka_bus_url: str) -> None:
    bus = connect(kafka_bus_url)
    bus.create_topics([TOPIC])
    publish(bus, numbered(20, keys=1))
    with member_of(bus) as member:
        records = collect(member, 20, commit=False)
        member.commit(after(records[:5]))
    lane = KafkaLane(bus._cluster.named(TOPIC.name), records[0].partition)
    admin = bus._cluster.build(KafkaAdminClient)
    admin.delete_records({lane: 12})
    assert bus.lag(GROUP, [TOPIC.name]).records == 8
    admin.delete_records({lane: 20})
    assert bus.lag(GROUP, [TOPIC.name]).records == 0
    admin.close()
    bus.close()


def test_members_that_poll_in_short_steps_still_come_to_an_agreement(kafka_bus_url: str) -> None:
    bus = connect(kafka_bus_url)
    bus.create_topics([TOPIC])
    for _ in range(3):
        started = time.monotonic()
        with reading(bus, poll_s=0.01, pause_s=0.3) as one, reading(bus, poll_s=0.01, pause_s=0.3) as two:
            shared(one, two)
            assert time.monotonic() - started < 8
    bus.close()


def test_installations_that_share_a_cluster_do_not_see_each_other(kafka_server_url: str) -> None:
    unique = f"t{time.time_ns()}"
    west, east = (connect(f"{kafka_server_url}?topic_prefix={unique}-{side}.") for side in ("west", "east"))
    for number, bus in enumerate((west, east)):
        assert bus.create_topics([TOPIC]) == [TOPIC.name]
        publish(bus, numbered(5, start=100 * number))
    with member_of(west) as one, member_of(east) as two:
        assert sorted(numbers(collect(one, 5))) == [0, 1, 2, 3, 4]
        assert sorted(numbers(collect(two, 5))) == [100, 101, 102, 103, 104]
        assert one.assignment() == two.assignment() != frozenset()
    assert west.check_topics([TOPIC]) == []
    west.close()
    east.close()


def test_the_clients_of_a_dead_broker_leave_no_threads_and_no_sockets_behind() -> None:
    bus = connect("kafka://127.0.0.1:1")
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    threads_before = threading.active_count()
    for _ in range(3):
        with pytest.raises(BusUnavailable):
            bus.ping(timeout_s=0.3)
    bus.close()
    assert threading.active_count() == threads_before
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_the_client_never_logs_what_passes_through_it() -> None:
    connect("kafka://127.0.0.1:1")
    for name in ("kafka", "kafka.producer.kafka", "kafka.protocol.parser", "kafka.net.connection"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
