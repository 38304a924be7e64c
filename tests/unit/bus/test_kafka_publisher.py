"""What the Kafka publisher makes of confirmations, silence and a client that is stuck."""

from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError

from shared.bus import BusStuck, BusUnavailable, Message
from shared.bus.kafka.publisher import KafkaPublisher

TOPIC = "commonground.cases"


class Future:
    """A send whose outcome the test decides: True, False, or None while it is open."""

    def __init__(self, outcome: bool | None) -> None:
        self.outcome = outcome

    @property
    def is_done(self) -> bool:
        return self.outcome is not None

    def succeeded(self) -> bool:
        return self.outcome is True

    def get(self, timeout: float) -> None:
        if self.outcome is not True:
            raise KafkaTimeoutError


class Producer:
    """Answers every send with the next outcome of the script."""

    def __init__(self, script: list[bool | None]) -> None:
        self.config: dict[str, int] = {}
        self.script = script
        self.futures: list[Future] = []
        self.closed = False

    def partitions_for(self, _: str) -> set[int]:
        return set(range(4))

    def send(self, *_: object) -> Future:
        self.futures.append(Future(self.script.pop(0)))
        return self.futures[-1]

    def close(self, timeout: float) -> None:
        self.closed = True


class Cluster:
    """Hands out a new producer whenever one is built; all follow one script."""

    def __init__(self, *script: bool | None) -> None:
        self.script = list(script)
        self.built: list[Producer] = []

    def named(self, name: str) -> str:
        return name

    def build(self, *_: object, **__: object) -> Producer:
        self.built.append(Producer(self.script))
        return self.built[-1]


def publisher(*script: bool | None, stalled_after_s: float = 60.0) -> tuple[KafkaPublisher, Cluster]:
    cluster: Any = Cluster(*script)
    return KafkaPublisher(cluster, stalled_after_s), cluster


def messages(keys: str) -> list[Message]:
    return [Message(TOPIC, key.encode(), b"v") for key in keys]


def test_all_confirmed() -> None:
    made, _ = publisher(True, True, True)
    assert made.publish(messages("abc"), timeout_s=0) == [True, True, True]


@pytest.mark.parametrize("lost", [False, None])
def test_after_an_open_message_no_later_one_of_its_key_counts(lost: bool | None) -> None:
    made, _ = publisher(True, lost, True, True, True)
    assert made.publish(messages("aabab"), timeout_s=0) == [True, False, True, False, True]


def test_nothing_new_is_sent_while_the_fate_of_the_last_batch_is_open() -> None:
    made, cluster = publisher(None, True, True)
    assert made.publish(messages("ab"), timeout_s=0) == [False, True]
    with pytest.raises(BusUnavailable, match="the batch before"):
        made.publish(messages("a"), timeout_s=0)
    cluster.built[0].futures[0].outcome = False
    assert made.publish(messages("a"), timeout_s=0) == [True]
    assert len(cluster.built[0].futures) == 3


def test_a_producer_that_delivers_nothing_for_long_is_replaced() -> None:
    made, cluster = publisher(False, False, True, stalled_after_s=-1.0)
    assert made.publish(messages("a"), timeout_s=0) == [False]
    assert made.publish(messages("a"), timeout_s=0) == [False]
    assert [producer.closed for producer in cluster.built] == [True]
    assert made.publish(messages("a"), timeout_s=0) == [True]
    assert len(cluster.built) == 2


def test_one_delivery_makes_the_silence_before_it_good() -> None:
    script = [False, False, True] * 20
    made, cluster = publisher(*script, stalled_after_s=-1.0)
    for _ in script:
        made.publish(messages("a"), timeout_s=0)
    assert len(cluster.built) == 21  # replaced in every round, never given up


def test_after_five_replacements_the_process_must_go() -> None:
    made, cluster = publisher(*[False] * 40, stalled_after_s=-1.0)
    with pytest.raises(BusStuck, match="6 Kafka producers"):
        for _ in range(40):
            made.publish(messages("a"), timeout_s=0)
    assert len(cluster.built) == 6


def test_an_outage_of_the_topic_list_counts_as_silence_too() -> None:
    class Mute(Producer):
        def partitions_for(self, _: str) -> set[int]:
            raise KafkaTimeoutError("no metadata")

    class MuteCluster(Cluster):
        def build(self, *_: object, **__: object) -> Producer:
            self.built.append(Mute([]))
            return self.built[-1]

    cluster: Any = MuteCluster()
    made = KafkaPublisher(cluster, stalled_after_s=-1.0)
    for _ in range(2):
        with pytest.raises(BusUnavailable, match="no metadata"):
            made.publish(messages("a"), timeout_s=0)
    assert cluster.built[0].closed
