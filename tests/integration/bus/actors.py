"""What the bus tests' members do: publish numbered messages, read in the background, share lanes."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from shared.bus import Bus, BusUnavailable, Message, Publisher, Record, Subscriber, Topic, TopicPartition
from tests.servers.processes import wait_until

TOPIC = Topic("commonground.cases", partitions=4)
ALL_LANES = {TopicPartition(TOPIC.name, number) for number in range(TOPIC.partitions)}
GROUP = "commonground.routing"
PATIENCE_S = 30.0


def numbered(count: int, keys: int = 10, start: int = 0) -> list[Message]:
    """Messages whose body is their number, spread over some keys."""
    return [Message(TOPIC.name, f"case-{n % keys}".encode(), str(n).encode()) for n in range(start, start + count)]


def publish(bus: Bus, messages: Sequence[Message]) -> None:
    """Publish all, every one confirmed."""
    with publisher_of(bus) as publisher:
        assert publisher.publish(messages, timeout_s=20) == [True] * len(messages)


def collect(subscriber: Subscriber, count: int, *, commit: bool = True) -> list[Record]:
    """Poll until `count` records came; commit behind each batch."""
    found: list[Record] = []
    deadline = time.monotonic() + PATIENCE_S
    while len(found) < count:
        assert time.monotonic() < deadline, f"only {len(found)} records came"
        batch = subscriber.poll(500, timeout_s=0.5)
        found += batch
        if commit and batch:
            subscriber.commit(after(batch))
    return found


def caught_up(bus: Bus, subscriber: Subscriber) -> bool:
    """Poll once, nothing new being there; whether the group has committed everything."""
    with suppress(BusUnavailable):
        assert subscriber.poll(10, timeout_s=0.1) == []
        return bus.lag(GROUP, [TOPIC.name]).records == 0
    return False


def nothing_comes(subscriber: Subscriber) -> bool:
    """True when several polls stay empty."""
    return not any(subscriber.poll(10, timeout_s=0.2) for _ in range(3))


def poll_until_it_raises(subscriber: Subscriber) -> None:
    """Poll on, whatever comes, until the bus or the client gives up."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        subscriber.poll(10, timeout_s=0.5)


def after(records: Iterable[Record]) -> dict[TopicPartition, int]:
    """The offsets to commit when these were handled."""
    return {record.lane: record.offset + 1 for record in records}


def numbers(records: Iterable[Record]) -> list[int]:
    """The numbers in the bodies."""
    return [int(record.value or b"-1") for record in records]


class Reader(threading.Thread):
    """A member that polls in a thread of its own until it is stopped, as a worker does."""

    def __init__(self, bus: Bus, *, commit: bool = True, poll_s: float = 0.2, pause_s: float = 0) -> None:
        super().__init__(name="reader", daemon=True)
        self.subscriber = bus.subscriber(GROUP, [TOPIC.name])
        self.records: list[Record] = []
        self.lanes: frozenset[TopicPartition] = frozenset()
        self._commit, self._poll_s, self._pause_s = commit, poll_s, pause_s
        self._stopping = threading.Event()

    def run(self) -> None:
        """Poll, tell, commit, and go on through outages."""
        while not self._stopping.is_set():
            with suppress(BusUnavailable):
                batch = self.subscriber.poll(500, timeout_s=self._poll_s)
                self.records += batch
                self.lanes = self.subscriber.assignment()
                if batch and self._commit:
                    self.subscriber.commit(after(batch))
            time.sleep(self._pause_s)

    def stop(self) -> None:
        """Poll no more, but stay a member."""
        self._stopping.set()
        self.join(PATIENCE_S)

    def came(self, count: int) -> list[Record]:
        """Wait until `count` records came."""
        wait_until(lambda: len(self.records) >= count, PATIENCE_S, f"{count} records")
        return self.records


@contextmanager
def reading(bus: Bus, *, commit: bool = True, poll_s: float = 0.2, pause_s: float = 0) -> Iterator[Reader]:
    """A reader that leaves the group at the end."""
    reader = Reader(bus, commit=commit, poll_s=poll_s, pause_s=pause_s)
    reader.start()
    try:
        yield reader
    finally:
        reader.stop()
        reader.subscriber.close()


def shared(*readers: Reader) -> None:
    """Wait until every lane is held by exactly one of the readers, and each holds as many."""
    wait_until(lambda: _shared(readers), PATIENCE_S, "sharing the lanes")


def _shared(readers: Sequence[Reader]) -> bool:
    held = [lane for reader in readers for lane in reader.lanes]
    fair = {len(reader.lanes) for reader in readers} == {TOPIC.partitions // len(readers)}
    return fair and sorted(held) == sorted(ALL_LANES)


@contextmanager
def member_of(bus: Bus, group: str = GROUP) -> Iterator[Subscriber]:
    """A member that leaves at the end."""
    subscriber = bus.subscriber(group, [TOPIC.name])
    try:
        yield subscriber
    finally:
        subscriber.close()


@contextmanager
def publisher_of(bus: Bus) -> Iterator[Publisher]:
    """A publisher that is closed at the end."""
    publisher = bus.publisher()
    try:
        yield publisher
    finally:
        publisher.close()
