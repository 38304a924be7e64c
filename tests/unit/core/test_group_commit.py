"""Group commit: who comes together is written together, and nobody fails for another's sake."""

import threading
import time

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.group_commit import GroupCommit


class Disk:
    """Writes slowly enough that others gather, refuses what is bad, and remembers every batch."""

    def __init__(self, fails=None):
        self.batches = []
        self.gate = threading.Event()
        self.entered = threading.Event()
        self._fails = fails

    def write(self, items):
        self.entered.set()
        assert self.gate.wait(10)
        self.batches.append(list(items))
        if self._fails:
            self._fails(items)
        return [item * 10 for item in items]


def together(commit, items, disk, join_s=10):
    """Call commit for all: the first gets in, the others gather behind it."""
    outcomes = {}

    def one(item):
        try:
            outcomes[item] = commit(item)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - looked at by the test
            outcomes[item] = error

    threads = [threading.Thread(target=one, args=(item,)) for item in items]
    threads[0].start()
    assert disk.entered.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(commit._line) < len(items) - 1:
        pass
    disk.gate.set()
    for thread in threads:
        thread.join(join_s)
    return outcomes


def test_one_caller_is_written_at_once():
    disk = Disk()
    disk.gate.set()
    assert GroupCommit(disk.write)(7) == 70
    assert disk.batches == [[7]]


def test_those_who_wait_share_the_next_commit():
    disk = Disk()
    outcomes = together(GroupCommit(disk.write), range(1, 20), disk)
    assert outcomes == {item: item * 10 for item in range(1, 20)}
    assert disk.batches[0] == [1]
    assert sorted(disk.batches[1]) == list(range(2, 20))
    assert len(disk.batches) == 2


def test_a_batch_has_a_limit():
    disk = Disk()
    outcomes = together(GroupCommit(disk.write, at_most=4), range(1, 12), disk)
    assert len(outcomes) == 11
    assert max(len(batch) for batch in disk.batches) == 4


def test_a_bad_item_fails_alone():
    def refuse(items):
        if 5 in items:
            raise ValueError("five")

    disk = Disk(refuse)
    outcomes = together(GroupCommit(disk.write), range(1, 9), disk)
    assert isinstance(outcomes.pop(5), ValueError)
    assert outcomes == {item: item * 10 for item in (1, 2, 3, 4, 6, 7, 8)}


def test_an_absent_database_is_not_asked_for_each_item_again():
    def away(items):
        raise OperationalError("INSERT", {}, Exception("unable to open database file"))

    disk = Disk(away)
    outcomes = together(GroupCommit(disk.write), range(1, 9), disk)
    assert all(isinstance(each, OperationalError) for each in outcomes.values())
    assert len(disk.batches) == 2


def test_after_a_failure_the_next_caller_is_served():
    calls = []

    def write(items):
        calls.append(items)
        if len(calls) == 1:
            raise ValueError("once")
        return items

    commit = GroupCommit(write)
    with pytest.raises(ValueError, match="once"):
        commit(1)
    assert commit(2) == 2


def test_who_shared_a_commit_with_a_dying_writer_learns_that_its_fate_is_open():
    def die(items):
        if 2 in items:
            raise SystemExit

    disk = Disk(die)
    outcomes = together(GroupCommit(disk.write), [1, 2, 3], disk)
    assert outcomes[1] == 10
    # One of the two wrote for both and is gone; the other must not believe in either outcome.
    assert {type(outcomes[item]) for item in (2, 3)} == {SystemExit, PoolTimeout}


def frozen(commit, disk):
    """One caller whom the disk keeps waiting, and then others behind it: what those get, and how soon."""
    outcomes = {}
    first = threading.Thread(target=lambda: outcomes.setdefault("first", commit(1)))
    first.start()
    assert disk.entered.wait(10)
    started = time.monotonic()
    with pytest.raises(PoolTimeout, match="nothing was written"):
        commit(2)
    assert time.monotonic() - started < 5
    return outcomes, first


def test_nobody_waits_for_ever_behind_a_commit_that_does_not_end():
    disk = Disk()
    outcomes, first = frozen(GroupCommit(disk.write, patience_s=0.2), disk)
    disk.gate.set()
    first.join(10)
    assert outcomes == {"first": 10}
    assert disk.batches == [[1]]


def test_after_the_frozen_commit_the_line_goes_on():
    disk = Disk()
    commit = GroupCommit(disk.write, patience_s=0.2)
    _, first = frozen(commit, disk)
    disk.gate.set()
    first.join(10)
    assert commit(3) == 30


def test_who_is_in_a_commit_that_does_not_end_does_not_know_its_fate():
    disk = Disk(lambda _items: disk.gate.clear())
    commit = GroupCommit(disk.write, patience_s=0.5)
    outcomes = together(commit, [1, 2, 3], disk, join_s=3)
    # One wrote for both and still waits for the disk.
    (follower,) = [item for item in (2, 3) if item in outcomes]
    assert isinstance(outcomes[follower], PoolTimeout)
    assert "unknown" in str(outcomes[follower])
    disk.gate.set()
