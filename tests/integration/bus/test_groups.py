"""Members of a group share the lanes, take over from each other, and repeat rather than lose."""

import time

from shared.bus import Bus, TopicPartition, connect
from tests.integration.bus.actors import (
    ALL_LANES,
    GROUP,
    PATIENCE_S,
    TOPIC,
    after,
    collect,
    member_of,
    nothing_comes,
    numbered,
    numbers,
    publish,
    reading,
    shared,
)
from tests.integration.bus.child import Child
from tests.servers.processes import wait_until


def test_two_members_share_the_lanes_and_each_record_goes_to_one_of_them(bus: Bus) -> None:
    with reading(bus) as one, reading(bus) as two:
        shared(one, two)
        publish(bus, numbered(200, keys=40))
        wait_until(lambda: len(one.records) + len(two.records) >= 200, PATIENCE_S, "all records")
        assert {record.lane for record in one.records} == one.lanes
        assert {record.lane for record in two.records} == two.lanes
        assert sorted(numbers(one.records + two.records)) == list(range(200))


def test_who_leaves_hands_the_lanes_over_at_once(bus: Bus) -> None:
    with reading(bus) as stays:
        with reading(bus) as leaves:
            shared(stays, leaves)
        left_at = time.monotonic()
        shared(stays)
        assert time.monotonic() - left_at < 4  # no lease or session had to run out
        publish(bus, numbered(40, keys=40))
        assert sorted(numbers(stays.came(40))) == list(range(40))


def test_who_is_killed_before_the_commit_leaves_every_record_to_the_next(bus: Bus, bus_url: str) -> None:
    publish(bus, numbered(30))
    with Child("read_without_commit", bus_url) as killed:
        told = killed.lines(30)
        killed.kill()
        with member_of(bus) as heir:
            again = collect(heir, 30)
    assert sorted(numbers(again)) == sorted(map(int, told)) == list(range(30))


def test_the_survivor_takes_the_lanes_of_a_killed_member(bus: Bus, bus_url: str) -> None:
    with reading(bus) as survivor, Child("hold", bus_url) as killed:
        assert killed.lines(1) == ["2"]
        wait_until(lambda: len(survivor.lanes) == 2, PATIENCE_S, "sharing")
        killed.kill()
        publish(bus, numbered(40, keys=40))
        assert sorted(numbers(survivor.came(40))) == list(range(40))


def test_a_frozen_member_is_expelled_and_comes_back_without_harm(bus: Bus, bus_url: str) -> None:
    with reading(bus) as lively, Child("hold", bus_url) as frozen:
        assert frozen.lines(1) == ["2"]
        frozen.freeze()
        wait_until(lambda: lively.lanes == ALL_LANES, PATIENCE_S, "taking over")
        frozen.thaw()
        wait_until(lambda: len(lively.lanes) == 2, PATIENCE_S, "sharing again")
        publish(bus, numbered(40, keys=40))
        assert {record.lane for record in lively.came(1)} <= lively.lanes


def test_killed_in_the_middle_of_work_a_reader_loses_nothing(bus_url: str, bus: Bus) -> None:
    publish(bus, numbered(60))
    with Child("read_and_commit", bus_url, "1") as child:
        told = child.lines(10)
        child.kill()
        told += child.everything()
    with reading(bus) as heir:
        wait_until(lambda: {*map(int, told), *numbers(heir.records)} == set(range(60)), PATIENCE_S, "all records")
        assert len(heir.records) < 60  # what was committed did not come again


def test_a_new_group_reads_from_the_very_beginning(bus: Bus) -> None:
    publish(bus, numbered(25))
    with member_of(bus) as first:
        collect(first, 25)
    with member_of(bus, "commonground.notifications") as second:
        assert sorted(numbers(collect(second, 25))) == list(range(25))


def test_what_was_committed_does_not_come_again(bus: Bus) -> None:
    publish(bus, numbered(25))
    with member_of(bus) as first:
        collect(first, 25)
    publish(bus, numbered(5, start=100))
    with member_of(bus) as second:
        assert sorted(numbers(collect(second, 5))) == [100, 101, 102, 103, 104]


def test_only_what_was_committed_counts_however_much_was_polled(bus: Bus) -> None:
    publish(bus, numbered(10, keys=1))
    with member_of(bus) as first:
        records = collect(first, 10, commit=False)
        first.commit(after(records[:4]))
        assert nothing_comes(first)
    with member_of(bus) as second:
        assert numbers(collect(second, 6)) == [4, 5, 6, 7, 8, 9]


def test_a_late_commit_for_lanes_that_moved_on_is_skipped(bus: Bus) -> None:
    publish(bus, numbered(80, keys=40))
    with reading(bus, commit=False) as slow:
        stale = after(slow.came(80))
        with reading(bus, commit=False) as other:
            shared(slow, other)
            slow.stop()
            slow.subscriber.commit(stale)
            committed = bus.lag(GROUP, [TOPIC.name]).committed
            assert committed == {lane: stale[lane] if lane in slow.lanes else 0 for lane in ALL_LANES}


def test_rewinding_reads_the_same_records_again(bus: Bus) -> None:
    publish(bus, numbered(20, keys=1))
    with member_of(bus) as member:
        records = collect(member, 20, commit=False)
        lane = records[0].lane
        member.rewind({lane: records[5].offset})
        assert numbers(collect(member, 15)) == list(range(5, 20))
        assert nothing_comes(member)


def test_rewinding_a_lane_that_is_not_held_changes_nothing(bus: Bus) -> None:
    publish(bus, numbered(20, keys=20))
    with reading(bus) as one, reading(bus) as two:
        shared(one, two)
        wait_until(lambda: len(one.records) + len(two.records) >= 20, PATIENCE_S, "all records")
        one.stop()
        one.subscriber.rewind(dict.fromkeys(two.lanes, 0))
        assert nothing_comes(one.subscriber)


def test_a_reader_that_came_before_its_topic_gets_the_records(bus_url: str) -> None:
    early = connect(bus_url)
    with reading(early) as reader:
        time.sleep(0.3)
        assert reader.lanes == frozenset()
        early.create_topics([TOPIC])
        publish(early, numbered(5))
        assert sorted(numbers(reader.came(5))) == list(range(5))
        assert reader.lanes == {TopicPartition(TOPIC.name, number) for number in range(4)}
    early.close()
