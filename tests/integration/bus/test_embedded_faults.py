"""The bus file under several processes, kill -9, a lost file, a stuck lock and an old age."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.bus import Bus, BusStuck, BusUnavailable, Message, Topic, TopicPartition, connect
from shared.bus.embedded.heartbeat import Heartbeat
from shared.bus.embedded.store import Store
from tests.integration.bus.actors import (
    ALL_LANES,
    GROUP,
    PATIENCE_S,
    TOPIC,
    after,
    collect,
    member_of,
    numbered,
    numbers,
    publish,
    publisher_of,
    reading,
)
from tests.integration.bus.child import Child
from tests.servers.processes import wait_until


@pytest.fixture
def url(embedded_bus_url: str) -> str:
    """A bus file of the test's own."""
    return embedded_bus_url


@pytest.fixture
def path(url: str) -> Path:
    """Where the file lies."""
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def bus(url: str) -> Iterator[Bus]:
    """The bus in the file, with the contract's topic."""
    opened = connect(url)
    opened.create_topics([TOPIC])
    yield opened
    opened.close()


def everything(bus: Bus) -> list[int]:
    """All numbers on the bus, lane by lane."""
    return [n for lane in sorted(ALL_LANES) for n in numbers(bus.read(lane, 0, 10**9))]


def test_several_processes_publish_and_read_at_once_and_nothing_is_lost(bus: Bus, url: str) -> None:
    with (
        Child("write", url, "0", "10") as one,
        Child("write", url, "1000000", "10") as two,
        Child("read_and_commit", url, "100") as reads,
        reading(bus) as reader,
    ):
        one.lines(30)
        two.lines(30)
        told = reads.lines(50)
        confirmed = []
        for writer, start in ((one, 0), (two, 1_000_000)):
            writer.kill()
            last = int((["-1", *writer.everything()])[-1])
            confirmed += list(range(start, max(last, start + 299) + 1))
        wait_until(lambda: bus.lag(GROUP, [TOPIC.name]).records == 0, PATIENCE_S, "everything read")
        reads.kill()
        told += reads.everything()
        mine = numbers(reader.records)
    assert set(confirmed) <= {*mine, *map(int, told)} <= set(everything(bus))
    for key in range(10):
        own = [n for n in mine if n % 10 == key and n < 1_000_000]
        assert own == sorted(own)


def test_killed_while_publishing_a_batch_is_there_whole_or_not_at_all(bus: Bus, url: str, path: Path) -> None:
    size = 400
    for round_number in range(6):
        start = round_number * 1_000_000
        with Child("write", url, str(start), str(size)) as writer:
            told = writer.lines(1)
            time.sleep(0.003 * round_number)  # ends in another place of the batch each time
            writer.kill()
            told += writer.everything()
        there = {n for n in everything(bus) if start <= n < start + 1_000_000}
        assert set(range(start, int(told[-1]) + 1)) <= there
        assert len(there) % size == 0
        assert there == set(range(start, start + len(there)))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_many_may_open_a_file_that_does_not_exist_yet_at_once(url: str) -> None:
    problems: list[BaseException] = []

    def open_and_create() -> None:
        try:
            bus = connect(url)
            bus.create_topics([TOPIC])
            bus.close()
        except BaseException as error:  # noqa: BLE001 - shown by the test
            problems.append(error)

    threads = [threading.Thread(target=open_and_create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    bus = connect(url)
    assert bus.check_topics([TOPIC]) == []
    assert set(bus.lag(GROUP, [TOPIC.name]).end) == ALL_LANES
    bus.close()


def test_only_its_owner_may_read_the_file(bus: Bus, path: Path) -> None:
    publish(bus, numbered(1))
    for file in path.parent.glob("bus.sqlite3*"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_what_was_confirmed_is_synced_to_the_disk(bus: Bus, path: Path) -> None:
    publisher = bus.publisher()
    publisher.publish(numbered(1), timeout_s=5)
    connection = publisher._store.connection  # type: ignore[attr-defined]
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    publisher.close()


def test_a_file_deleted_under_us_is_an_outage_not_a_silent_loss(bus: Bus, path: Path) -> None:
    with publisher_of(bus) as publisher:
        assert publisher.publish(numbered(1), timeout_s=5) == [True]
        path.unlink()
        with pytest.raises(BusUnavailable):
            publisher.publish(numbered(1), timeout_s=1)
        with pytest.raises(BusUnavailable):
            bus.ping(timeout_s=1)


def test_a_lock_that_somebody_keeps_is_an_outage_in_time(bus: Bus, path: Path) -> None:
    with publisher_of(bus) as publisher, closing(sqlite3.connect(path, isolation_level=None)) as hog:
        publisher.publish(numbered(1), timeout_s=5)
        hog.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(BusUnavailable, match="locked"):
            publisher.publish(numbered(1, start=1), timeout_s=0.3)
        with pytest.raises(BusUnavailable):
            bus.ping(timeout_s=0.3)
        assert time.monotonic() - started < 3
        hog.execute("ROLLBACK")
        assert publisher.publish(numbered(1, start=1), timeout_s=5) == [True]
    assert sorted(everything(bus)) == [0, 1]


def test_a_full_disk_is_an_outage_and_takes_nothing_back(bus: Bus, path: Path) -> None:
    publish(bus, numbered(3))
    publisher = bus.publisher()
    publisher.publish(numbered(1, start=3), timeout_s=5)
    connection = publisher._store.connection  # type: ignore[attr-defined]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(BusUnavailable, match="full"):
        publisher.publish([Message(TOPIC.name, b"case-1", b"x" * 500_000)], timeout_s=5)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert publisher.publish(numbered(1, start=4), timeout_s=5) == [True]
    publisher.close()
    assert sorted(everything(bus)) == [0, 1, 2, 3, 4]


def test_a_file_of_another_version_is_refused(bus: Bus, url: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match="another version"):
        connect(url).ping(timeout_s=1)


def test_an_owner_that_hangs_loses_its_lanes_although_its_process_lives(bus: Bus, path: Path) -> None:
    publish(bus, numbered(20))
    with member_of(bus) as hung:
        handled = after(collect(hung, 20, commit=False))
        heartbeat: Heartbeat = hung._heartbeat  # type: ignore[attr-defined]
        heartbeat.poll_within_s = 0.0
        with reading(bus) as lively:
            wait_until(lambda: lively.lanes == ALL_LANES, PATIENCE_S, "taking over")
            lively.came(20)
            publish(bus, numbered(20, start=20))
            lively.came(40)
        hung.commit(handled)  # nobody told it yet, and yet it sets nobody back
        assert bus.lag(GROUP, [TOPIC.name]).records == 0
        heartbeat.poll_within_s = 300.0
        wait_until(lambda: heartbeat.expelled, PATIENCE_S, "finding out")
        hung.poll(1, timeout_s=0)
        assert hung.assignment() == ALL_LANES


def test_leases_from_before_the_last_start_of_the_machine_are_void(bus: Bus, path: Path) -> None:
    with member_of(bus) as ghost:
        ghost.poll(1, timeout_s=0)
        ghost._heartbeat.stop()  # type: ignore[attr-defined]
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE member SET lease_until = lease_until + 1000000")
        with reading(bus) as lively:
            wait_until(lambda: lively.lanes == ALL_LANES, 4, "taking over without waiting for the lease")


def test_a_heartbeat_that_dies_ends_its_owner(bus: Bus, path: Path) -> None:
    with member_of(bus) as member:
        member.poll(1, timeout_s=0)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "CREATE TRIGGER broken BEFORE UPDATE ON member BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        with pytest.raises(BusStuck):
            _poll_until_it_raises(member.poll)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DROP TRIGGER broken")


def test_a_lease_can_be_renewed_while_others_write_without_a_pause(bus: Bus, url: str, path: Path) -> None:
    lease = Store(path, "NORMAL")
    waits = []
    with Child("write", url, "0", "50"), Child("write", url, "0", "50"), Child("write", url, "0", "50") as last:
        last.lines(3)
        for _ in range(30):
            started = time.monotonic()
            with lease.writing(timeout_s=5):
                waits.append(time.monotonic() - started)
            time.sleep(0.02)
    lease.close()
    assert sorted(waits)[27] < 1.0


def test_news_arrive_within_a_few_hundredths_of_a_second(bus: Bus) -> None:
    with publisher_of(bus) as publisher, reading(bus) as reader:
        delays = []
        for n in range(20):
            publisher.publish(numbered(1, start=n), timeout_s=5)
            started = time.monotonic()
            reader.came(n + 1)
            delays.append(time.monotonic() - started)
    assert sorted(delays)[10] < 0.1


def test_old_records_go_but_never_unread_ones(bus: Bus, path: Path) -> None:
    publish(bus, numbered(20, keys=1))
    lane = next(lane for lane, end in bus.lag(GROUP, [TOPIC.name]).end.items() if end)
    with member_of(bus) as member, member_of(bus, "commonground.notifications") as slow:
        collect(member, 20)
        slow.commit({lane: collect(slow, 5, commit=False)[0].offset + 12})
    _age(path, days=8)
    publish(bus, numbered(5, keys=1, start=20))
    _tidy(bus)
    assert numbers(bus.read(lane, 0, 100)) == list(range(12, 25))
    with member_of(bus, "commonground.notifications") as slow:
        assert numbers(collect(slow, 13)) == list(range(12, 25))
    with member_of(bus) as member:
        assert numbers(collect(member, 5)) == list(range(20, 25))
    _tidy(bus)
    assert numbers(bus.read(lane, 0, 100)) == list(range(20, 25))
    assert bus.lag("commonground.audit", [TOPIC.name]).records == 5


def test_a_compacted_topic_keeps_the_last_of_each_key(bus: Bus, path: Path) -> None:
    people = Topic("commonground.people", partitions=1, compacted=True)
    bus.create_topics([people])
    lane = TopicPartition(people.name, 0)
    for n in range(30):
        publish(bus, [Message(people.name, f"person-{n % 3}".encode(), str(n).encode())])
    publish(bus, [Message(people.name, b"person-0", None)])
    _tidy(bus)
    assert [(r.key, r.value) for r in bus.read(lane, 0, 100)] == [
        (b"person-1", b"28"),
        (b"person-2", b"29"),
        (b"person-0", None),
    ]
    _age(path, days=2)
    _tidy(bus)
    assert [r.key for r in bus.read(lane, 0, 100)] == [b"person-1", b"person-2"]
    subscriber = bus.subscriber("commonground.intake", [people.name])
    assert len(collect(subscriber, 2)) == 2
    publish(bus, [Message(people.name, b"person-9", b"31")])
    assert numbers(collect(subscriber, 1)) == [31]
    subscriber.close()


def _age(path: Path, days: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE record SET timestamp_ms = timestamp_ms - ?", [days * 86_400_000])


def _tidy(bus: Bus) -> None:
    """A publisher that starts tidies behind its first batch; forget that somebody did a moment ago."""
    with closing(sqlite3.connect(bus._path)) as connection, connection:  # type: ignore[attr-defined]
        connection.execute("DELETE FROM housekeeping")
    other = Topic("commonground.other", partitions=1)
    bus.create_topics([other])
    publish(bus, [Message(other.name, b"k", b"v")])


def _poll_until_it_raises(poll) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        poll(1, 0.2)
