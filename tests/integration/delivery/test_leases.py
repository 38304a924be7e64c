"""Shares of the work have one holder at a time, and a late holder can be told by its fence."""

import os
import subprocess
import sys

import pytest

from shared.leases import Leases, is_dead, new_owner
from tests.integration.delivery.station import until


@pytest.fixture
def leases(station):
    def made(owner=None, ttl_s=5.0):
        return Leases(station.engine, station.clock, "work", 8, owner=owner, ttl_s=ttl_s)

    return made


def test_one_worker_holds_everything(leases):
    assert sorted(leases().renew()) == list(range(8))


def test_a_lease_held_is_not_taken(leases):
    first, second = leases(), leases()
    assert len(first.renew()) == 8
    assert second.renew() == {}


def test_workers_share_evenly_and_no_share_has_two_holders(leases):
    workers = [leases(ttl_s=0.2) for _ in range(3)]

    def spread():
        held = [set(worker.renew()) for worker in workers]
        assert sum(len(shares) for shares in held) == len(set().union(*held))
        return sorted(len(shares) for shares in held) == [2, 3, 3]

    until(spread)


def test_a_lease_that_ran_out_changes_hands_with_a_higher_fence(leases, station):
    first, second = leases(), leases()
    fences = dict(first.renew())
    station.clock.forward(seconds=6)
    taken = second.renew()
    assert sorted(taken) == list(range(8))
    assert all(taken[number] == fences[number] + 1 for number in taken)
    with station.engine.begin() as conn:
        assert first.still_held(conn) == frozenset()
        assert second.still_held(conn) == frozenset(range(8))


def test_a_worker_trusts_its_lease_by_its_own_clock_only(leases):
    first = leases(ttl_s=0.0)
    first.renew()
    assert first.held == {}


def test_what_is_released_is_free_at_once(leases):
    first, second = leases(), leases()
    first.renew()
    first.release()
    assert first.held == {}
    assert len(second.renew()) == 8


def test_a_worker_that_died_on_this_machine_need_not_run_out(leases):
    code = "from shared.leases import new_owner; print(new_owner())"
    owner = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert is_dead(owner)
    leases(owner).renew()
    assert len(leases().renew()) == 8


def test_only_a_process_of_this_machine_that_is_gone_counts_as_dead():
    assert not is_dead(new_owner())
    assert not is_dead(f"elsewhere/{os.getpid()}/x")
    assert not is_dead("")
