"""A Kafka broker that freezes, dies, or vanishes behind the network."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from shared.bus import Bus, BusUnavailable, Publisher, Subscriber, connect
from tests.integration.bus.actors import (
    GROUP,
    PATIENCE_S,
    TOPIC,
    after,
    caught_up,
    collect,
    member_of,
    numbered,
    numbers,
    poll_until_it_raises,
    publish,
    publisher_of,
    reading,
)
from tests.integration.bus.relaying import Relay, assert_all_confirmed_are_there_in_order
from tests.servers.fixtures import or_skip
from tests.servers.kafka import KafkaServer
from tests.servers.processes import wait_until
from tests.servers.proxy import FaultProxy
from tests.servers.search import local_kafka

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KafkaServer, FaultProxy]]:
    """A broker to be hurt, every byte of its clients going through the proxy."""
    with FaultProxy() as proxy:
        directory = tmp_path_factory.mktemp("kafka")
        server = or_skip(lambda: local_kafka(directory, advertised_port=proxy.port))
        proxy.target = server.port
        server.start()
        yield server, proxy
        server.stop()


@pytest.fixture
def bus(broker: tuple[KafkaServer, FaultProxy]) -> Iterator[Bus]:
    """A fresh bus on that broker, which is well again afterwards."""
    server, proxy = broker
    opened = connect(f"{server.url}?topic_prefix=t{time.monotonic_ns()}.")
    opened.create_topics([TOPIC])
    yield opened
    proxy.heal()
    opened.close()


@pytest.fixture
def kafka_and_bus(broker: tuple[KafkaServer, FaultProxy], bus: Bus) -> tuple[KafkaServer, Bus]:
    """For tests that freeze or kill the broker."""
    return broker[0], bus


@pytest.fixture
def proxied_kafka(broker: tuple[KafkaServer, FaultProxy], bus: Bus) -> tuple[Bus, FaultProxy]:
    """For tests that break the network."""
    return bus, broker[1]


def test_the_publisher_recovers_from_a_broker_frozen_for_twelve_seconds(
    kafka_and_bus: tuple[KafkaServer, Bus],
) -> None:
    server, bus = kafka_and_bus
    with publisher_of(bus) as publisher:
        relay = Relay(publisher)
        relay.start()
        wait_until(lambda: relay.confirmed > 200, PATIENCE_S, "the first confirmations")
        server.freeze()
        frozen_at = time.monotonic()
        wait_until(lambda: time.monotonic() - frozen_at > 12, 20, "twelve seconds")
        server.thaw()
        before = relay.confirmed
        assert relay.outages > 0
        wait_until(lambda: relay.confirmed > before + 200, PATIENCE_S, "confirmations after the thaw")
        relay.stop()
    assert_all_confirmed_are_there_in_order(bus, relay.confirmed)


def test_publisher_and_reader_recover_from_a_broker_killed_and_started_again(
    kafka_and_bus: tuple[KafkaServer, Bus],
) -> None:
    server, bus = kafka_and_bus
    with publisher_of(bus) as publisher, reading(bus) as reader:
        relay = Relay(publisher)
        relay.start()
        wait_until(lambda: relay.confirmed > 200, PATIENCE_S, "the first confirmations")
        server.kill()
        wait_until(lambda: relay.outages > 0, PATIENCE_S, "the outage")
        server.start()
        before = relay.confirmed
        wait_until(lambda: relay.confirmed > before + 200, PATIENCE_S, "confirmations after the restart")
        relay.stop()
        wanted = set(range(relay.confirmed))
        wait_until(lambda: wanted <= set(numbers(reader.records)), PATIENCE_S, "everything read")
    assert_all_confirmed_are_there_in_order(bus, relay.confirmed)


def test_a_reset_in_the_middle_of_an_answer_leaves_confirmed_ones_confirmed(
    proxied_kafka: tuple[Bus, FaultProxy],
) -> None:
    bus, proxy = proxied_kafka
    with publisher_of(bus) as publisher:
        relay = Relay(publisher)
        relay.start()
        for round_number in range(5):
            before = relay.confirmed
            proxy.reset_answer_after(20 + round_number)
            wait_until(lambda before=before: relay.confirmed > before + 100, PATIENCE_S, "recovery")  # type: ignore[misc]
        relay.stop()
    assert_all_confirmed_are_there_in_order(bus, relay.confirmed)


def test_batches_of_one_lane_never_overtake_each_other_when_connections_break(
    proxied_kafka: tuple[Bus, FaultProxy],
) -> None:
    bus, proxy = proxied_kafka
    with publisher_of(bus) as publisher:
        relay = Relay(publisher, body_size=150_000)  # each of the twenty is a batch of its own
        relay.start()
        for round_number in range(6):
            before = relay.confirmed
            proxy.reset_answer_after(60 * round_number + 30)
            wait_until(lambda before=before: relay.confirmed > before + 60, PATIENCE_S, "recovery")  # type: ignore[misc]
        relay.stop()
    with member_of(bus, "commonground.audit") as member:
        seen = numbers(collect(member, bus.lag("commonground.audit", [TOPIC.name]).records))
    assert all(later <= earlier + 1 for earlier, later in pairwise(seen))  # back is a repetition, ahead a gap


def test_a_silent_network_is_an_outage_for_the_reader_too(proxied_kafka: tuple[Bus, FaultProxy]) -> None:
    bus, proxy = proxied_kafka
    with member_of(bus) as member:
        publish(bus, numbered(5))
        assert len(collect(member, 5)) == 5
        proxy.half_open()
        with pytest.raises(BusUnavailable):
            poll_until_it_raises(member)


def test_a_silent_network_is_an_outage_in_time_and_not_for_ever(
    proxied_kafka: tuple[Bus, FaultProxy],
) -> None:
    bus, proxy = proxied_kafka
    with publisher_of(bus) as publisher:
        assert publisher.publish(numbered(5), timeout_s=10) == [True] * 5
        proxy.half_open()
        started = time.monotonic()
        assert publisher.publish(numbered(5, start=5), timeout_s=1) == [False] * 5
        with pytest.raises(BusUnavailable, match="the batch before"):
            publisher.publish(numbered(5, start=10), timeout_s=1)
        with pytest.raises(BusUnavailable):
            bus.ping(timeout_s=1)
        assert time.monotonic() - started < 6
        proxy.heal()
        wait_until(lambda: _published(publisher), PATIENCE_S, "publishing after the silence")
        bus.ping(timeout_s=5)


def test_a_cut_network_is_seen_by_the_reader_who_then_goes_on(
    proxied_kafka: tuple[Bus, FaultProxy],
) -> None:
    bus, proxy = proxied_kafka
    with member_of(bus) as member:
        publish(bus, numbered(5))
        assert len(collect(member, 5)) == 5
        proxy.cut()
        with pytest.raises(BusUnavailable):
            poll_until_it_raises(member)
        with pytest.raises(BusUnavailable):
            member.commit(dict.fromkeys(member.assignment(), 1))
        proxy.heal()
        wait_until(lambda: _answers(bus), PATIENCE_S, "the network")
        publish(bus, numbered(5, start=5))
        found: list[int] = []
        wait_until(lambda: _gathers(member, found, {5, 6, 7, 8, 9}), PATIENCE_S, "the new records")


def test_offsets_that_could_not_be_stored_are_stored_without_a_new_record(
    proxied_kafka: tuple[Bus, FaultProxy],
) -> None:
    bus, proxy = proxied_kafka
    publish(bus, numbered(10))
    with member_of(bus) as member:
        handled = after(collect(member, 10, commit=False))
        proxy.cut()
        with pytest.raises(BusUnavailable):
            member.commit(handled)
        proxy.heal()
        wait_until(lambda: caught_up(bus, member), PATIENCE_S, "the offsets")


def test_in_an_outage_everything_still_closes_within_seconds(proxied_kafka: tuple[Bus, FaultProxy]) -> None:
    bus, proxy = proxied_kafka
    publisher, member = bus.publisher(), bus.subscriber(GROUP, [TOPIC.name])
    publish(bus, numbered(5))
    collect(member, 5)
    assert publisher.publish(numbered(5), timeout_s=10) == [True] * 5
    proxy.half_open()
    assert publisher.publish(numbered(5), timeout_s=0.2) == [False] * 5
    for closing in (publisher.close, member.close, bus.close):
        started = time.monotonic()
        closing()
        assert time.monotonic() - started < 8


def _published(publisher: Publisher) -> bool:
    try:
        return all(publisher.publish(numbered(1), timeout_s=2))
    except BusUnavailable:
        return False


def _answers(bus: Bus) -> bool:
    try:
        bus.ping(timeout_s=1)
    except BusUnavailable:
        return False
    return True


def _gathers(member: Subscriber, found: list[int], wanted: set[int]) -> bool:
    try:
        found += numbers(member.poll(10, timeout_s=0.5))
    except BusUnavailable:
        return False
    return wanted <= set(found)
