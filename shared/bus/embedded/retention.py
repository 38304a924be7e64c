"""Takes away what the topics no longer promise to keep: old records, and older ones of a key."""

import sqlite3
import time

from shared.bus.embedded.store import Store
from shared.bus.port import BusUnavailable

EVERY_S = 60.0
CHUNK = 500
FREED_PAGES = 200
DAY_MS = 24 * 60 * 60 * 1000
#: How long a tombstone stays, so that slow readers learn of it (Kafka's default too).
TOMBSTONE_MS = DAY_MS


class Housekeeping:
    """Runs about once a minute, whoever of the bus's users comes first; a chunk at a time."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._looked = float("-inf")

    def run_if_due(self, store: Store) -> None:
        """Prune and compact when nobody did for a minute. Never fails: it will be tried again."""
        now = time.monotonic()
        if now - self._looked < self._every_s:
            return
        self._looked = now
        try:
            with store.writing(timeout_s=0.2) as connection:
                if _claim(connection, self._every_s):
                    tidy(connection, time.time_ns() // 1_000_000)
        except BusUnavailable:
            return


def tidy(connection: sqlite3.Connection, now_ms: int) -> None:
    """Prune every lane up to one chunk and compact those of compacted topics."""
    lanes = connection.execute(
        "SELECT lane.id, topic.retention_days, topic.compacted FROM lane JOIN topic ON topic.name = lane.topic"
    ).fetchall()
    for lane, days, compacted in lanes:
        if compacted:
            _compact(connection, lane, now_ms - TOMBSTONE_MS)
        else:
            _prune(connection, lane, now_ms - days * DAY_MS)
    connection.execute(f"PRAGMA incremental_vacuum({FREED_PAGES})").fetchall()


def _claim(connection: sqlite3.Connection, every_s: float) -> bool:
    """True for the first to ask in each period. After a reboot the monotonic clock starts over: then too."""
    now = time.monotonic()
    row = connection.execute("SELECT done_at FROM housekeeping WHERE task = 'tidy'").fetchone()
    if row and 0 <= now - row[0] < every_s:
        return False
    connection.execute("INSERT OR REPLACE INTO housekeeping (task, done_at) VALUES ('tidy', ?)", [now])
    return True


def _prune(connection: sqlite3.Connection, lane: int, before_ms: int) -> None:
    """Delete what is too old. What a group has not read yet stays: the machine may have been off for weeks."""
    unread = connection.execute("SELECT min(next_offset) FROM progress WHERE lane_id = ?", [lane]).fetchone()[0]
    fence = connection.execute(
        "SELECT min(at_offset) FROM record WHERE lane_id = ? AND timestamp_ms >= ?", [lane, before_ms]
    ).fetchone()[0]
    start, end = connection.execute("SELECT start_offset, next_offset FROM lane WHERE id = ?", [lane]).fetchone()
    new_start = min(offset for offset in (unread, fence, end, start + CHUNK) if offset is not None)
    if new_start > start:
        connection.execute("DELETE FROM record WHERE lane_id = ? AND at_offset < ?", [lane, new_start])
        connection.execute("UPDATE lane SET start_offset = ? WHERE id = ?", [new_start, lane])


def _compact(connection: sqlite3.Connection, lane: int, before_ms: int) -> None:
    """Keep the last record of each key, and drop it too when it is a tombstone of yesterday."""
    connection.execute(
        "DELETE FROM record WHERE lane_id = ?1 AND at_offset NOT IN"
        " (SELECT max(at_offset) FROM record WHERE lane_id = ?1 GROUP BY key)",
        [lane],
    )
    connection.execute(
        "DELETE FROM record WHERE lane_id = ? AND value IS NULL AND timestamp_ms < ?", [lane, before_ms]
    )
