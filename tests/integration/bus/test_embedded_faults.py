"""The bus file under several processes, kill -9, a lost file, a stuck lock and an old age."""

import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from shared.bus import Bus, BusStuck, BusUnavailable, Message, Subscriber, connect
from tests.integration.bus.actors import (
    ALL_LANES,
    GROUP,
    PATIENCE_S,
    TOPIC,
    after,
    caught_up,
    collect,
    member_of,
    numbered,
    numbers,
    poll_until_it_raises,
    publish,
    publisher_of,
    reading,
)
from tests.integration.bus.child import Child
from tests.servers.processes import wait_until


def everything(embedded_bus: Bus) -> list[int]:
    """All numbers on the embedded_bus, lane by lane."""
    return [n for lane in sorted(ALL_LANES) for n in numbers(embedded_bus.read(lane, 0, 10**9))]


def test_several_processes_publish_and_read_at_once_and_nothing_is_lost(embedded_bus: Bus, url: str) -> None:
    with (
        Child("write", url, "0", "10") as one,
        Child("write", url, "1000000", "10") as two,
        Child("read_and_commit", url, "100") as reads,
        reading(embedded_bus) as reader,
    ):
        one.lines(30)
        two.lines(30)
        told = reads.lines(50)
        confirmed = []
        for writer, start in ((one, 0), (two, 1_000_000)):
            writer.kill()
            last = int((["-1", *writer.everything()])[-1])
            confirmed += list(range(start, max(last, start + 299) + 1))
        wait_until(lambda: embedded_bus.lag(GROUP, [TOPIC.name]).records == 0, PATIENCE_S, "everything read")
        reads.kill()
        told += reads.everything()
        mine = numbers(reader.records)
    assert set(confirmed) <= {*mine, *map(int, told)} <= set(everything(embedded_bus))
    for key in range(10):
        own = [n for n in mine if n % 10 == key and n < 1_000_000]
        assert own == sorted(own)


def test_killed_while_publishing_a_batch_is_there_whole_or_not_at_all(
    embedded_bus: Bus, url: str, path: Path
) -> None:
    size = 400
    for round_number in range(6):
        start = round_number * 1_000_000
        with Child("write", url, str(start), str(size)) as writer:
            told = writer.lines(1)
            time.sleep(0.003 * round_number)  # ends in another place of the batch each time
            writer.kill()
            told += writer.everything()
        there = {n for n in everything(embedded_bus) if start <= n < start + 1_000_000}
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


def test_only_its_owner_may_read_the_file(embedded_bus: Bus, path: Path) -> None:
    publish(embedded_bus, numbered(1))
    for file in path.parent.glob("bus.sqlite3*"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_what_was_confirmed_is_synced_to_the_disk(embedded_bus: Bus, path: Path) -> None:
    publisher = embedded_bus.publisher()
    publisher.publish(numbered(1), timeout_s=5)
    connection = publisher._store.connection  # type: ignore[attr-defined]
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    publisher.close()


def test_a_file_deleted_under_us_ends_its_users_instead_of_losing_silently(
    embedded_bus: Bus, url: str, path: Path
) -> None:
    with publisher_of(embedded_bus) as publisher, member_of(embedded_bus) as member:
        assert publisher.publish(numbered(1), timeout_s=5) == [True]
        assert len(collect(member, 1)) == 1
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        with pytest.raises(BusStuck):
            publisher.publish(numbered(1), timeout_s=1)
        with pytest.raises(BusStuck):
            poll_until_it_raises(member)
        with pytest.raises(BusUnavailable):
            embedded_bus.ping(timeout_s=1)
    embedded_bus.ping(timeout_s=1)
    assert embedded_bus.create_topics([TOPIC]) == [TOPIC.name]
    publish(embedded_bus, numbered(1))


def test_a_lease_that_nobody_can_renew_is_an_outage_for_its_owner(embedded_bus: Bus, path: Path) -> None:
    with member_of(embedded_bus) as member, closing(sqlite3.connect(path, isolation_level=None)) as hog:
        member.poll(1, timeout_s=0)
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusUnavailable, match="lease"):
            poll_until_it_raises(member)
        hog.execute("ROLLBACK")
        publish(embedded_bus, numbered(3))
        wait_until(lambda: _polls(member), PATIENCE_S, "the end of the outage")


def test_a_lock_that_somebody_keeps_is_an_outage_in_time(embedded_bus: Bus, path: Path) -> None:
    with publisher_of(embedded_bus) as publisher, closing(sqlite3.connect(path, isolation_level=None)) as hog:
        publisher.publish(numbered(1), timeout_s=5)
        hog.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(BusUnavailable, match="locked"):
            publisher.publish(numbered(1, start=1), timeout_s=0.3)
        with pytest.raises(BusUnavailable):
            embedded_bus.ping(timeout_s=0.3)
        assert time.monotonic() - started < 3
        hog.execute("ROLLBACK")
        assert publisher.publish(numbered(1, start=1), timeout_s=5) == [True]
    assert sorted(everything(embedded_bus)) == [0, 1]


def test_offsets_that_could_not_be_stored_are_stored_without_a_new_record(embedded_bus: Bus, path: Path) -> None:
    publish(embedded_bus, numbered(10))
    with member_of(embedded_bus) as member, closing(sqlite3.connect(path, isolation_level=None)) as hog:
        handled = after(collect(member, 10, commit=False))
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusUnavailable):
            member.commit(handled)
        hog.execute("ROLLBACK")
        assert embedded_bus.lag(GROUP, [TOPIC.name]).records == 10
        wait_until(lambda: caught_up(embedded_bus, member), PATIENCE_S, "the offsets")


def test_offsets_left_over_are_forgotten_with_their_lanes(embedded_bus: Bus, path: Path) -> None:
    publish(embedded_bus, numbered(20, keys=40))
    with member_of(embedded_bus) as member, closing(sqlite3.connect(path, isolation_level=None)) as hog:
        handled = after(collect(member, 20, commit=False))
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusUnavailable):
            member.commit(handled)
        hog.execute("DELETE FROM member")  # expelled: its lease had ended
        hog.execute("DELETE FROM holding")
        hog.execute("COMMIT")
        wait_until(lambda: member._heartbeat.expelled, PATIENCE_S, "the expulsion")  # type: ignore[attr-defined]
        assert len(collect(member, 20, commit=False)) == 20
        assert embedded_bus.lag(GROUP, [TOPIC.name]).records == 20


def test_a_full_disk_is_an_outage_and_takes_nothing_back(embedded_bus: Bus, path: Path) -> None:
    publish(embedded_bus, numbered(3))
    publisher = embedded_bus.publisher()
    publisher.publish(numbered(1, start=3), timeout_s=5)
    connection = publisher._store.connection  # type: ignore[attr-defined]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(BusUnavailable, match="full"):
        publisher.publish([Message(TOPIC.name, b"case-1", b"x" * 500_000)], timeout_s=5)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert publisher.publish(numbered(1, start=4), timeout_s=5) == [True]
    publisher.close()
    assert sorted(everything(embedded_bus)) == [0, 1, 2, 3, 4]


def test_a_file_of_another_version_is_refused(embedded_bus: Bus, url: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match="another version"):
        connect(url).ping(timeout_s=1)


def _polls(member: Subscriber) -> bool:
    with suppress(BusUnavailable):
        return bool(member.poll(10, timeout_s=0.2))
    return False
