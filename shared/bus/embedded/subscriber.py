"""One member of a group on the embedded bus."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from shared.bus.embedded import group as groups
from shared.bus.embedded.fetch import Cursor
from shared.bus.embedded.heartbeat import Heartbeat
from shared.bus.embedded.store import Store
from shared.bus.port import BusStuck, BusUnavailable, Record, TopicPartition

#: Looking for news costs some microseconds; pauses grow from the first to the second while nothing comes.
QUICK_S, SLOW_S, GROWTH = 0.005, 0.05, 1.3


class EmbeddedSubscriber:
    """See the port. It joins at the first poll; lanes move only inside poll, between two batches."""

    def __init__(self, path: Path, group: str, topics: Sequence[str]) -> None:
        self._path, self._group, self._topics = path, group, tuple(topics)
        self._store: Store | None = None
        self._heartbeat: Heartbeat | None = None
        self._member = ""
        self._lanes: dict[int, TopicPartition] = {}
        self._cursor = Cursor()
        self._seen: int | None = None
        self._left_over: dict[int, int] = {}

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """Next records, at most max_records; see the port."""
        deadline = time.monotonic() + timeout_s
        pause = QUICK_S
        while True:
            store = self._joined()
            self._commit_left_over()
            records = self._look(store, max_records)
            left = deadline - time.monotonic()
            if records or left <= 0:
                return records
            time.sleep(min(pause, left))
            pause = min(pause * GROWTH, SLOW_S)

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Store the next offset of each lane still held; see the port."""
        self._left_over |= {lane: offsets[name] for lane, name in self._lanes.items() if name in offsets}
        self._commit_left_over()

    def assignment(self) -> frozenset[TopicPartition]:
        """The lanes held at the last poll."""
        return frozenset(self._lanes.values())

    def rewind(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Read the held ones of these lanes again."""
        ours = {lane: offsets[name] for lane, name in self._lanes.items() if name in offsets}
        self._cursor.positions |= ours
        self._seen = None

    def close(self) -> None:
        """Leave the group."""
        if self._heartbeat is not None:
            self._heartbeat.stop()
        if self._store is not None:
            # Whatever keeps it from saying so, the lease ends by itself.
            with suppress(BusUnavailable, BusStuck), self._store.writing() as connection:
                groups.leave(connection, self._group, self._member)
            self._store.close()
        self._store = self._heartbeat = None
        self._forget()

    def _commit_left_over(self) -> None:
        """Store what was handled; what cannot be stored now is tried again at each poll."""
        if self._left_over and self._store is not None:
            with self._store.writing() as connection:
                groups.commit(connection, self._group, self._member, self._left_over)
            self._left_over = {}

    def _forget(self) -> None:
        self._lanes, self._cursor, self._seen, self._left_over = {}, Cursor(), None, {}

    def _joined(self) -> Store:
        """The open file, this member being in the group."""
        self._store = self._store or Store(self._path)
        if self._heartbeat is None or self._heartbeat.expelled:
            self._join(self._store)
        else:
            self._heartbeat.polled()
        return self._store

    def _join(self, store: Store) -> None:
        self._forget()
        self._member = uuid4().hex
        with store.writing() as connection:
            groups.join(connection, self._group, self._member, self._topics)
        self._heartbeat = Heartbeat(self._path, self._group, self._member)

    def _look(self, store: Store, max_records: int) -> list[Record]:
        """What is new, if anything changed since the last look."""
        version = store.changed_since(self._seen)
        if version is None:
            return []
        self._settle(store)
        with store.reading() as connection:
            records = self._cursor.fetch(connection, self._lanes, max_records)
        # After records there may be more, whether or not anything changes meanwhile.
        self._seen = None if records else version
        return records

    def _settle(self, store: Store) -> None:
        """Let go of lanes others should have, take up new ones where the group stands."""
        with store.reading() as connection:
            held = groups.held(connection, self._group, self._member)
        if any(leaving for _, leaving in held.values()):
            with store.writing() as connection:
                groups.hand_over(connection, self._group, self._member)
            held = {lane: entry for lane, entry in held.items() if not entry[1]}
        self._lanes = {lane: name for lane, (name, _) in held.items()}
        self._left_over = {lane: offset for lane, offset in self._left_over.items() if lane in held}
        kept = {lane: at for lane, at in self._cursor.positions.items() if lane in held}
        with store.reading() as connection:
            fresh = groups.committed(connection, self._group, held.keys() - kept.keys())
        self._cursor.positions = kept | fresh
