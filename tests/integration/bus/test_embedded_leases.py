"""Members of the bus file live as long as their leases, and news reach them quickly."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from shared.bus import Bus, BusStuck
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
    poll_until_it_raises,
    publish,
    publisher_of,
    reading,
)
from tests.integration.bus.child import Child
from tests.servers.processes import wait_until


def test_an_owner_that_hangs_loses_its_lanes_although_its_process_lives(embedded_bus: Bus, path: Path) -> None:
    publish(embedded_bus, numbered(20))
    with member_of(embedded_bus) as hung:
        handled = after(collect(hung, 20, commit=False))
        heartbeat: Heartbeat = hung._heartbeat  # type: ignore[attr-defined]
        heartbeat.poll_within_s = 0.0
        with reading(embedded_bus) as lively:
            wait_until(lambda: lively.lanes == ALL_LANES, PATIENCE_S, "taking over")
            lively.came(20)
            publish(embedded_bus, numbered(20, start=20))
            lively.came(40)
        hung.commit(handled)  # nobody told it yet, and yet it sets nobody back
        assert embedded_bus.lag(GROUP, [TOPIC.name]).records == 0
        heartbeat.poll_within_s = 300.0
        wait_until(lambda: heartbeat.expelled, PATIENCE_S, "finding out")
        hung.poll(1, timeout_s=0)
        assert hung.assignment() == ALL_LANES


def test_leases_from_before_the_last_start_of_the_machine_are_void(embedded_bus: Bus, path: Path) -> None:
    with member_of(embedded_bus) as ghost:
        ghost.poll(1, timeout_s=0)
        ghost._heartbeat.stop()  # type: ignore[attr-defined]
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE member SET lease_until = lease_until + 1000000")
        with reading(embedded_bus) as lively:
            wait_until(lambda: lively.lanes == ALL_LANES, 4, "taking over without waiting for the lease")


def test_a_heartbeat_that_dies_ends_its_owner(embedded_bus: Bus, path: Path) -> None:
    with member_of(embedded_bus) as member:
        member.poll(1, timeout_s=0)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "CREATE TRIGGER broken BEFORE UPDATE ON member BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        with pytest.raises(BusStuck):
            poll_until_it_raises(member)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DROP TRIGGER broken")


def test_a_lease_can_be_renewed_while_others_write_without_a_pause(embedded_bus: Bus, url: str, path: Path) -> None:
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


def test_news_arrive_within_a_few_hundredths_of_a_second(embedded_bus: Bus) -> None:
    with publisher_of(embedded_bus) as publisher, reading(embedded_bus) as reader:
        delays = []
        for n in range(20):
            publisher.publish(numbered(1, start=n), timeout_s=5)
            started = time.monotonic()
            reader.came(n + 1)
            delays.append(time.monotonic() - started)
    assert sorted(delays)[10] < 0.1
