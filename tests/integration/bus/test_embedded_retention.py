"""What the bus file takes away with time, and what it never takes away."""

import sqlite3
from contextlib import closing
from pathlib import Path

from shared.bus import Bus, Message, Topic, TopicPartition
from tests.integration.bus.actors import (
    GROUP,
    TOPIC,
    collect,
    member_of,
    numbered,
    numbers,
    publish,
)


def test_old_records_go_but_never_unread_ones(embedded_bus: Bus, path: Path) -> None:
    publish(embedded_bus, numbered(20, keys=1))
    lane = next(lane for lane, end in embedded_bus.lag(GROUP, [TOPIC.name]).end.items() if end)
    with member_of(embedded_bus) as member, member_of(embedded_bus, "commonground.notifications") as slow:
        collect(member, 20)
        slow.commit({lane: collect(slow, 5, commit=False)[0].offset + 12})
    _age(path, days=8)
    publish(embedded_bus, numbered(5, keys=1, start=20))
    _tidy(embedded_bus)
    assert numbers(embedded_bus.read(lane, 0, 100)) == list(range(12, 25))
    with member_of(embedded_bus, "commonground.notifications") as slow:
        assert numbers(collect(slow, 13)) == list(range(12, 25))
    with member_of(embedded_bus) as member:
        assert numbers(collect(member, 5)) == list(range(20, 25))
    _tidy(embedded_bus)
    assert numbers(embedded_bus.read(lane, 0, 100)) == list(range(20, 25))
    assert embedded_bus.lag("commonground.audit", [TOPIC.name]).records == 5


def test_a_compacted_topic_keeps_the_last_of_each_key(embedded_bus: Bus, path: Path) -> None:
    people = Topic("commonground.people", partitions=1, compacted=True)
    embedded_bus.create_topics([people])
    lane = TopicPartition(people.name, 0)
    for n in range(30):
        publish(embedded_bus, [Message(people.name, f"person-{n % 3}".encode(), str(n).encode())])
    publish(embedded_bus, [Message(people.name, b"person-0", None)])
    _tidy(embedded_bus)
    assert [(r.key, r.value) for r in embedded_bus.read(lane, 0, 100)] == [
        (b"person-1", b"28"),
        (b"person-2", b"29"),
        (b"person-0", None),
    ]
    _age(path, days=2)
    _tidy(embedded_bus)
    assert [r.key for r in embedded_bus.read(lane, 0, 100)] == [b"person-1", b"person-2"]
    subscriber = embedded_bus.subscriber("commonground.intake", [people.name])
    assert len(collect(subscriber, 2)) == 2
    publish(embedded_bus, [Message(people.name, b"person-9", b"31")])
    assert numbers(collect(subscriber, 1)) == [31]
    subscriber.close()


def _age(path: Path, days: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE record SET timestamp_ms = timestamp_ms - ?", [days * 86_400_000])


def _tidy(embedded_bus: Bus) -> None:
    """A publisher that starts tidies behind its first batch; forget that somebody did a moment ago."""
    with closing(sqlite3.connect(embedded_bus._path)) as connection, connection:  # type: ignore[attr-defined]
        connection.execute("DELETE FROM housekeeping")
    other = Topic("commonground.other", partitions=1)
    embedded_bus.create_topics([other])
    publish(embedded_bus, [Message(other.name, b"k", b"v")])
