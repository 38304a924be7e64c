"""Notices a consumer that reads nothing: is the bus away, or does the client stand still?"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from kafka import TopicPartition as KafkaLane
from kafka.errors import KafkaError
from kafka.structs import MemberState

from shared.bus.kafka.cluster import unavailable
from shared.bus.port import BusStuck

LOOK_EVERY_S = 5.0
ASK_TIMEOUT_MS = 5_000
STUCK_AFTER_S = 60.0
#: Others may work on a batch for max_poll_interval_ms before a rebalance goes on without them.
UNJOINED_AFTER_S = 360.0


class Watchdog:
    """Looks at the broker every few seconds while nothing comes."""

    def __init__(
        self, consumer: Any, topics: Sequence[str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._consumer = consumer
        self._topics = topics
        self._monotonic = monotonic
        self._looked = self._joined = monotonic()
        self._behind: dict[KafkaLane, tuple[int, float]] = {}

    def progress(self) -> None:
        """Records came."""
        self._looked = self._joined = self._monotonic()

    def look(self) -> None:
        """Nothing came. Raise BusUnavailable when the broker is away, BusStuck when we stand still."""
        now = self._monotonic()
        if now - self._looked < LOOK_EVERY_S:
            return
        try:
            ends, positions = self._ask()
        except KafkaError as error:
            raise unavailable(error) from error
        self._looked = self._monotonic()
        self._check_membership(self._looked)
        self._check_lanes(ends, positions, self._looked)

    def _ask(self) -> tuple[dict[KafkaLane, int], dict[KafkaLane, int | None]]:
        """Ends and positions of the lanes held; without any, the question alone shows whether Kafka answers."""
        held = self._consumer.assignment()
        lanes = held or {KafkaLane(topic, 0) for topic in self._topics}
        ends = self._consumer.end_offsets(list(lanes), timeout_ms=ASK_TIMEOUT_MS)
        return ends, {lane: self._consumer.position(lane, timeout_ms=ASK_TIMEOUT_MS) for lane in held}

    def _check_membership(self, now: float) -> None:
        if self._consumer.group_metadata().state == MemberState.STABLE:
            self._joined = now
        elif now - self._joined > UNJOINED_AFTER_S:
            raise BusStuck(f"Kafka answers, but the group has not let us in for {UNJOINED_AFTER_S:.0f} s")

    def _check_lanes(self, ends: dict[KafkaLane, int], positions: dict[KafkaLane, int | None], now: float) -> None:
        behind = {}
        for lane, position in positions.items():
            if position is None or position >= ends[lane]:
                continue
            stood_at, since = self._behind.get(lane, (position, now))
            behind[lane] = (position, since if stood_at == position else now)
            if now - behind[lane][1] > STUCK_AFTER_S:
                raise BusStuck(f"{lane} stands at {position} of {ends[lane]} and nothing comes")
        self._behind = behind
