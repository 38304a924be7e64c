"""The rows of a consumer group: members and their leases, who holds which lane, offsets behind that fence."""

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence

from shared.bus.embedded.assignment import share_out
from shared.bus.port import TopicPartition

LEASE_S = 5.0


def join(connection: sqlite3.Connection, group: str, member: str, topics: Sequence[str]) -> None:
    """Enter the group and share the lanes out anew; what the group has never read starts at the beginning."""
    connection.execute(
        "INSERT INTO member (id, group_name, topics, lease_until) VALUES (?, ?, ?, ?)",
        [member, group, "\n".join(sorted(topics)), time.monotonic() + LEASE_S],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO progress (group_name, lane_id, next_offset)"
        " SELECT ?, id, start_offset FROM lane WHERE topic = ?",
        [(group, topic) for topic in topics],
    )
    rebalance(connection, group)


def leave(connection: sqlite3.Connection, group: str, member: str) -> None:
    """Go, and let the others have the lanes at once."""
    connection.execute("DELETE FROM member WHERE id = ?", [member])
    rebalance(connection, group)


def renew(connection: sqlite3.Connection, group: str, member: str) -> bool:
    """Renew the lease and bury members whose lease ended; False when this one was buried by others."""
    now = time.monotonic()
    alive = connection.execute("UPDATE member SET lease_until = ? WHERE id = ?", [now + LEASE_S, member]).rowcount
    # A lease further off than any lease can be was written before the machine's last start.
    buried = connection.execute(
        "DELETE FROM member WHERE group_name = ? AND (lease_until < ? OR lease_until > ?)",
        [group, now, now + 2 * LEASE_S],
    ).rowcount
    if buried or _new_lanes(connection, group):
        rebalance(connection, group)
    return bool(alive)


def rebalance(connection: sqlite3.Connection, group: str) -> None:
    """Share the lanes out. A living holder keeps a lane it should give away until it lets go itself."""
    rows = connection.execute("SELECT id, topics FROM member WHERE group_name = ?", [group])
    members = {member: frozenset(topics.split("\n")) for member, topics in rows}
    lanes = _lanes(connection, group)
    rows = connection.execute("SELECT lane_id, holder FROM holding WHERE group_name = ?", [group])
    holders = {lane: holder for lane, holder in rows if holder in members}
    intended = share_out(lanes, members, holders)
    connection.execute("DELETE FROM holding WHERE group_name = ?", [group])
    connection.executemany(
        "INSERT INTO holding (group_name, lane_id, holder, intended) VALUES (?, ?, ?, ?)",
        [(group, lane, holders.get(lane, member), member) for lane, member in intended.items()],
    )


def hand_over(connection: sqlite3.Connection, group: str, member: str) -> None:
    """Give the lanes that others should have to them."""
    connection.execute("UPDATE holding SET holder = intended WHERE group_name = ? AND holder = ?", [group, member])


def held(connection: sqlite3.Connection, group: str, member: str) -> dict[int, tuple[TopicPartition, bool]]:
    """Lanes this member holds → (name, True when another should have it)."""
    rows = connection.execute(
        "SELECT lane.id, lane.topic, lane.number, holding.intended <> holding.holder"
        " FROM holding JOIN lane ON lane.id = holding.lane_id"
        " WHERE holding.group_name = ? AND holding.holder = ? ORDER BY lane.id",
        [group, member],
    )
    return {lane: (TopicPartition(topic, number), bool(leaving)) for lane, topic, number, leaving in rows}


def committed(connection: sqlite3.Connection, group: str, lanes: Iterable[int]) -> dict[int, int]:
    """The next offset of each lane; never before what retention left."""
    found = {}
    for lane in lanes:
        found[lane] = connection.execute(
            "SELECT max(progress.next_offset, lane.start_offset) FROM lane JOIN progress"
            " ON progress.lane_id = lane.id AND progress.group_name = ? WHERE lane.id = ?",
            [group, lane],
        ).fetchone()[0]
    return found


def commit(connection: sqlite3.Connection, group: str, member: str, offsets: Mapping[int, int]) -> None:
    """Store offsets of the lanes that this member still holds; the fence is in the statement itself."""
    connection.executemany(
        "UPDATE progress SET next_offset = ?1 WHERE group_name = ?2 AND lane_id = ?3 AND EXISTS"
        " (SELECT 1 FROM holding WHERE group_name = ?2 AND lane_id = ?3 AND holder = ?4)",
        [(offset, group, lane, member) for lane, offset in offsets.items()],
    )


def _lanes(connection: sqlite3.Connection, group: str) -> dict[int, str]:
    return dict(
        connection.execute(
            "SELECT lane.id, lane.topic FROM lane JOIN progress"
            " ON progress.lane_id = lane.id AND progress.group_name = ?",
            [group],
        ).fetchall()
    )


def _new_lanes(connection: sqlite3.Connection, group: str) -> bool:
    """True when a topic was created after its reader came."""
    rows = connection.execute("SELECT topics FROM member WHERE group_name = ?", [group]).fetchall()
    topics = sorted({topic for (names,) in rows for topic in names.split("\n")})
    return any(
        connection.execute(
            "INSERT OR IGNORE INTO progress (group_name, lane_id, next_offset)"
            " SELECT ?, id, start_offset FROM lane WHERE topic = ?",
            [group, topic],
        ).rowcount
        for topic in topics
    )
