"""Reads records out of the bus file."""

import sqlite3
from collections.abc import Iterator, Sequence

from shared.bus.embedded.headers import unpack
from shared.bus.port import Record, TopicPartition

#: A poll stops here although it may return more records: they all sit in memory at once.
MAX_BYTES = 32 * 1024 * 1024
SELECT = (
    "SELECT at_offset, timestamp_ms, key, value, headers FROM record"
    " WHERE lane_id = ? AND at_offset >= ? AND at_offset < ? ORDER BY at_offset LIMIT ?"
)


class Cursor:
    """Where a member stands in the lanes it holds, and the reading from there."""

    def __init__(self) -> None:
        self.positions: dict[int, int] = {}
        self._turn = 0

    def fetch(
        self, connection: sqlite3.Connection, lanes: dict[int, TopicPartition], max_records: int
    ) -> list[Record]:
        """Up to max_records that follow the positions, which move behind them."""
        found: list[Record] = []
        size = 0
        for lane, end in self._news(connection, lanes):
            for record in records(connection, lane, lanes[lane], (self.positions[lane], end), max_records):
                found.append(record)
                size += len(record.value or b"")
                self.positions[lane] = record.offset + 1
                if len(found) >= max_records or size >= MAX_BYTES:
                    return found
            # Compaction may have taken the last ones.
            self.positions[lane] = end
        return found

    def _news(self, connection: sqlite3.Connection, lanes: dict[int, TopicPartition]) -> Sequence[tuple[int, int]]:
        """Lanes with something new and their ends, beginning with another one each time: none waits for ever."""
        ends = connection.execute("SELECT id, next_offset FROM lane ORDER BY id").fetchall()
        news = [(lane, end) for lane, end in ends if lane in lanes and end > self.positions[lane]]
        self._turn += 1
        first = self._turn % len(news) if news else 0
        return news[first:] + news[:first]


def records(
    connection: sqlite3.Connection, lane: int, name: TopicPartition, span: tuple[int, int], limit: int = -1
) -> Iterator[Record]:
    """Records of one lane with span[0] <= offset < span[1]."""
    for offset, timestamp_ms, key, value, headers in connection.execute(SELECT, [lane, *span, limit]):
        yield Record(name.topic, name.partition, offset, key, value, unpack(headers), timestamp_ms)
