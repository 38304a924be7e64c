"""Appends batches to the bus file, each batch in one durable transaction."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from shared.bus.embedded.headers import pack
from shared.bus.embedded.retention import Housekeeping
from shared.bus.embedded.store import Store
from shared.bus.partitioning import partition_of
from shared.bus.port import BusUnavailable, Message, refuse_oversized

INSERT = "INSERT INTO record (lane_id, at_offset, timestamp_ms, key, value, headers) VALUES (?, ?, ?, ?, ?, ?)"


class EmbeddedPublisher:
    """See the port. A batch is on the bus whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: Store | None = None
        self._lanes: dict[str, list[int]] = {}
        self._housekeeping = Housekeeping()

    def publish(self, messages: Sequence[Message], timeout_s: float) -> list[bool]:
        """Append all in one transaction; see the port."""
        if not messages:
            return []
        refuse_oversized(messages)
        store = self._connected()
        with store.writing(timeout_s) as connection:
            self._append(connection, messages)
        self._housekeeping.run_if_due(store)
        return [True] * len(messages)

    def close(self) -> None:
        """Close the file."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _connected(self) -> Store:
        if self._store is None:
            self._store = Store(self._path)
        return self._store

    def _append(self, connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
        lanes = [self._lane(connection, message) for message in messages]
        ends = dict(connection.execute("SELECT id, next_offset FROM lane").fetchall())
        following = {lane: ends[lane] for lane in lanes}
        now_ms = time.time_ns() // 1_000_000
        rows = []
        for lane, message in zip(lanes, messages, strict=True):
            rows.append((lane, following[lane], now_ms, message.key, message.value, pack(message.headers)))
            following[lane] += 1
        connection.executemany(INSERT, rows)
        grown = [(end, lane) for lane, end in following.items()]
        connection.executemany("UPDATE lane SET next_offset = ? WHERE id = ?", grown)

    def _lane(self, connection: sqlite3.Connection, message: Message) -> int:
        lanes = self._lanes.get(message.topic)
        if not lanes:
            found = connection.execute("SELECT id FROM lane WHERE topic = ? ORDER BY number", [message.topic])
            lanes = self._lanes[message.topic] = [row[0] for row in found]
        if not lanes:
            raise BusUnavailable(f"The bus has no topic {message.topic}")
        return lanes[partition_of(message.key, len(lanes))]
