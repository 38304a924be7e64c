"""The bus file as a bus: topics, lag, single reads."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shared.bus.embedded.fetch import records
from shared.bus.embedded.publisher import EmbeddedPublisher
from shared.bus.embedded.store import Store
from shared.bus.embedded.subscriber import EmbeddedSubscriber
from shared.bus.port import BusStuck, BusUnavailable, Lag, Record, Topic, TopicPartition


class EmbeddedBus:
    """See the port. Its own questions share one connection; any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._opened: Store | None = None

    def publisher(self) -> EmbeddedPublisher:
        """A new publisher, connected on first use."""
        return EmbeddedPublisher(self._path)

    def subscriber(self, group: str, topics: Sequence[str]) -> EmbeddedSubscriber:
        """A new member of the group."""
        return EmbeddedSubscriber(self._path, group, topics)

    def create_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create the missing ones; return their names."""
        with self._asking() as store, store.writing() as connection:
            return [topic.name for topic in topics if _create(connection, topic)]

    def check_topics(self, topics: Sequence[Topic]) -> list[str]:
        """What is missing or differs, one sentence each."""
        with self._asking() as store, store.reading() as connection:
            return [problem for topic in topics for problem in _compare(connection, topic)]

    def lag(self, group: str, topics: Sequence[str]) -> Lag:
        """The next offset the group would read and the end, for every lane of the topics."""
        with self._asking() as store, store.reading() as connection:
            rows = [row for topic in topics for row in _standing(connection, group, topic)]
        return Lag(
            committed={TopicPartition(topic, number): at for topic, number, at, _ in rows},
            end={TopicPartition(topic, number): end for topic, number, _, end in rows},
        )

    def read(self, lane: TopicPartition, start: int, end: int) -> list[Record]:
        """Records of one lane with start <= offset < end."""
        with self._asking() as store, store.reading() as connection:
            row = connection.execute("SELECT id FROM lane WHERE topic = ? AND number = ?", lane).fetchone()
            if row is None:
                raise BusUnavailable(f"The bus has no lane {lane.topic}/{lane.partition}")
            return list(records(connection, row[0], lane, (start, end)))

    def ping(self, timeout_s: float) -> None:
        """Raise BusUnavailable when the file cannot be written in time."""
        with self._asking(timeout_s) as store, store.writing(timeout_s):
            return

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @contextmanager
    def _asking(self, timeout_s: float = -1) -> Iterator[Store]:
        if not self._lock.acquire(timeout=timeout_s):
            raise BusUnavailable("The bus has not answered the question before this one")
        try:
            self._opened = self._opened or Store(self._path)
            yield self._opened
        except BusStuck as error:
            # A question is asked anew next time, with the file that lies there then.
            self._forget()
            raise BusUnavailable(str(error)) from error
        finally:
            self._lock.release()


def _create(connection: sqlite3.Connection, topic: Topic) -> bool:
    """True when it was missing."""
    made = connection.execute(
        "INSERT OR IGNORE INTO topic (name, partitions, retention_days, compacted) VALUES (?, ?, ?, ?)",
        [topic.name, topic.partitions, topic.retention_days, int(topic.compacted)],
    ).rowcount
    if made:
        lanes = [(topic.name, number) for number in range(topic.partitions)]
        connection.executemany("INSERT INTO lane (topic, number) VALUES (?, ?)", lanes)
    return bool(made)


def _compare(connection: sqlite3.Connection, topic: Topic) -> list[str]:
    row = connection.execute(
        "SELECT partitions, retention_days, compacted FROM topic WHERE name = ?", [topic.name]
    ).fetchone()
    if row is None:
        return [f"Topic {topic.name} is missing"]
    wanted = {
        "partitions": topic.partitions,
        "retention_days": topic.retention_days,
        "compacted": int(topic.compacted),
    }
    return [
        f"Topic {topic.name} has {name} {actual}, not {value}"
        for (name, value), actual in zip(wanted.items(), row, strict=True)
        if actual != value
    ]


def _standing(connection: sqlite3.Connection, group: str, topic: str) -> list[tuple[str, int, int, int]]:
    """(topic, number, next offset of the group, end) of each lane."""
    rows = connection.execute(
        "SELECT lane.topic, lane.number, max(coalesce(progress.next_offset, 0), lane.start_offset),"
        " lane.next_offset FROM lane LEFT JOIN progress"
        " ON progress.lane_id = lane.id AND progress.group_name = ? WHERE lane.topic = ? ORDER BY lane.number",
        [group, topic],
    ).fetchall()
    if not rows:
        raise BusUnavailable(f"The bus has no topic {topic}")
    return rows
