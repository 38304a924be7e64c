"""The bus as the services see it: records in, records out, offsets; two adapters stand behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class TopicPartition(NamedTuple):
    """One ordered lane of a topic."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic promises: how many lanes, how long it keeps, whether only the last per key stays."""

    name: str
    partitions: int = 12
    retention_days: int = 7
    compacted: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to publish. The key decides the partition; value None is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was published, as it lies on the bus."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int = 0

    @property
    def lane(self) -> TopicPartition:
        """The topic and partition it came from."""
        return TopicPartition(self.topic, self.partition)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a group is behind, per lane: the next offset it would read and the end."""

    committed: Mapping[TopicPartition, int] = field(default_factory=dict)
    end: Mapping[TopicPartition, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """Records published and not yet committed by the group."""
        return sum(self.end[lane] - self.committed.get(lane, 0) for lane in self.end)


#: Key, value and headers of one message together. Events are refused at 256 KB long before; this is the
#: bus's own fence, below what a broker with default settings takes.
MAX_MESSAGE_BYTES = 1_000_000


class BusUnavailable(Exception):
    """The bus does not answer; wait and try again."""


class BusStuck(Exception):
    """This process's client works no more and cannot be mended from inside; exit and be started anew."""


class MessageTooLarge(ValueError):
    """A message is larger than the bus takes; nothing of its batch was sent."""

    def __init__(self, message: Message, size: int) -> None:
        super().__init__(
            f"A message for {message.topic} (key {message.key!r}) has {size:,} bytes; "
            f"the bus takes at most {MAX_MESSAGE_BYTES:,}"
        )


def refuse_oversized(messages: Sequence[Message]) -> None:
    """Raise MessageTooLarge for the first message over the limit."""
    for message in messages:
        size = len(message.key) + len(message.value or b"")
        size += sum(len(name) + len(value) for name, value in message.headers)
        if size > MAX_MESSAGE_BYTES:
            raise MessageTooLarge(message, size)


class Publisher(Protocol):
    """Sends batches. One per relay; not shared between threads."""

    def publish(self, messages: Sequence[Message], timeout_s: float) -> list[bool]:
        """Send all, wait for every acknowledgement against one deadline.

        Returns one flag per message, True when confirmed durable. False is *unknown*, never failed:
        the message may be on the bus all the same. Within one key the confirmed ones are a prefix,
        in order. Raises BusUnavailable when nothing could be tried, MessageTooLarge before anything is
        sent, BusStuck when the process should end.
        """

    def close(self) -> None:
        """Free everything within a few seconds; never raises."""


class Subscriber(Protocol):
    """One member of a consumer group. Used by one thread."""

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """Next records in order per lane, at most max_records; [] after timeout_s without any.

        First stores what an earlier commit could not. Raises BusUnavailable when the bus does not answer,
        BusStuck when the process should end.
        """

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Store the next offset to read for each lane, durably. Lanes lost meanwhile are skipped.

        Raises BusUnavailable; the offsets are then kept and stored at a later poll, for the lanes still held
        by then. What is never stored comes again to whoever reads the lane next, which inboxes absorb.
        """

    def assignment(self) -> frozenset[TopicPartition]:
        """The lanes this member holds now."""

    def rewind(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Read these held lanes again from the offsets given (after a transaction was rolled back)."""

    def close(self) -> None:
        """Leave the group so that others take over at once; never raises."""


class Bus(Protocol):
    """A place of topics: Kafka, or a SQLite file for one machine."""

    def publisher(self) -> Publisher:
        """A new publisher, connected on first use."""

    def subscriber(self, group: str, topics: Sequence[str]) -> Subscriber:
        """A new member of the group, reading the topics from the earliest record not committed."""

    def create_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create the missing ones; return their names. Existing ones stay as they are."""

    def check_topics(self, topics: Sequence[Topic]) -> list[str]:
        """What is missing or differs, one sentence each; [] when all is well."""

    def lag(self, group: str, topics: Sequence[str]) -> Lag:
        """Committed and end offsets for every lane of the topics."""

    def read(self, lane: TopicPartition, start: int, end: int) -> list[Record]:
        """Records of one lane with start <= offset < end, outside any group (reconciliation, dead letters)."""

    def ping(self, timeout_s: float) -> None:
        """Raise BusUnavailable when the bus does not answer in time."""

    def close(self) -> None:
        """Free every connection."""
