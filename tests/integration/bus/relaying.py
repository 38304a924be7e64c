"""A relay for tests: it publishes numbers upwards through every outage, and knows what was confirmed."""

import threading
from dataclasses import replace

from shared.bus import Bus, BusUnavailable, Message, Publisher
from tests.integration.bus.actors import PATIENCE_S, TOPIC, collect, member_of, numbered, numbers


class Relay(threading.Thread):
    """Publishes numbers upwards the way a relay does: what was not confirmed is sent again."""

    def __init__(self, publisher: Publisher, body_size: int = 0) -> None:
        super().__init__(name="relay", daemon=True)
        self._publisher = publisher
        self._body_size = body_size
        self._stopping = threading.Event()
        self.confirmed = 0
        self.outages = 0

    def run(self) -> None:
        """Batches of 20 of one key, so that order is visible."""
        while not self._stopping.is_set():
            batch = [padded(message, self._body_size) for message in numbered(20, 1, self.confirmed)]
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


def padded(message: Message, size: int) -> Message:
    """The same number in a body of that many bytes."""
    return replace(message, value=(message.value or b"").ljust(size))


def assert_all_confirmed_are_there_in_order(bus: Bus, confirmed: int) -> None:
    """Every confirmed number, each first seen in its turn; repetitions allowed."""
    with member_of(bus, "commonground.audit") as member:
        end = bus.lag("commonground.audit", [TOPIC.name]).records
        seen = numbers(collect(member, end))
    firsts = list(dict.fromkeys(seen))
    assert firsts[:confirmed] == list(range(confirmed))
