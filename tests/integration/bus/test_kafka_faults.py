"""A Kafka broker that freezes, dies, vanishes behind the network, or is shared with strangers."""

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus import Bus, BusUnavailable, Publisher, connect
from tests.integration.bus.actors import (
    PATIENCE_S,
    TOPIC,
    collect,
    member_of,
    numbered,
    numbers,
    publish,
    publisher_of,
    reading,
)
from tests.servers.fixtures import or_skip
from tests.servers.kafka import KafkaServer
from tests.servers.processes import wait_until
from tests.servers.proxy import FaultProxy
from tests.servers.search import local_kafka

pytestmark = pytest.mark.kafka


class Relay(threading.Thread):
    """Publishes numbers upwards the way a relay does: what was not confirmed is sent again."""

    def __init__(self, publisher: Publisher) -> None:
        super().__init__(name="relay", daemon=True)
        self._publisher = publisher
        self._stopping = threading.Event()
        self.confirmed = 0
        self.outages = 0

    def run(self) -> None:
        """Batches of 20 of one key, so that order is visible."""
        while not self._stopping.is_set():
            batch = numbered(20, keys=1, start=self.confirmed)
            try:
                flags = self._publisher.publish(batch, timeout_s=2)
            except BusUnavailable:
                self.outages += 1
                continue
            self.outages += not all(flags)
            self.confirmed += flags.index(False) if False in flags else len(flags)

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping.set()
        self.join(PATIENCE_S)


@pytest.fixture
def proxied_kafka(tmp_path: Path) -> Iterator[tuple[Bus, FaultProxy]]:
    """A bus whose every byte goes through the proxy."""
    with FaultProxy() as proxy:
        server = or_skip(lambda: local_kafka(tmp_path / "kafka", advertised_port=proxy.port))
        proxy.target = server.port
        server.start()
        bus = connect(server.url)
        bus.create_topics([TOPIC])
        yield bus, proxy
        bus.close()
        server.stop()


@pytest.fixture
def kafka_and_bus(private_kafka: KafkaServer) -> Iterator[tuple[KafkaServer, Bus]]:
    """A broker the test may hurt, and a bus on it."""
    bus = connect(private_kafka.url)
    bus.create_topics([TOPIC])
    yield private_kafka, bus
    bus.close()


def assert_all_confirmed_are_there_in_order(bus: Bus, confirmed: int) -> None:
    """Every confirmed number, each first seen in its turn; repetitions allowed."""
    with member_of(bus, "commonground.audit") as member:
        end = bus.lag("commonground.audit", [TOPIC.name]).records
        seen = numbers(collect(member, end))
    firsts = list(dict.fromkeys(seen))
    assert firsts[:confirmed] == list(range(confirmed))


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
            _poll_for(member.poll, seconds=20)
        with pytest.raises(BusUnavailable):
            member.commit(dict.fromkeys(member.assignment(), 1))
        proxy.heal()
        wait_until(lambda: _answers(bus), PATIENCE_S, "the network")
        publish(bus, numbered(5, start=5))
        found: list[int] = []
        wait_until(lambda: _gathers(member.poll, found, {5, 6, 7, 8, 9}), PATIENCE_S, "the new records")


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


def _poll_for(poll, seconds: float) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        poll(10, 0.5)


def _gathers(poll, found: list[int], wanted: set[int]) -> bool:  # type: ignore[no-untyped-def]
    try:
        found += numbers(poll(10, 0.5))
    except BusUnavailable:
        return False
    return wanted <= set(found)
