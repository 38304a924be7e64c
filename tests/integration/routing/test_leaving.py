"""Leaving while others work: whatever meets it, no open case stays with somebody who is gone."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text, update

from services.routing.domain.refusals import Impossible
from services.routing.domain.roles import ASSIGN
from services.routing.handlers import commands, people
from services.routing.handlers.casework import take_up
from services.routing.handlers.open_cases import OpenCases
from services.routing.models import cases
from services.routing.models import people as people_table
from services.routing.queries import workload
from services.routing.worker import QueueKeeping
from shared.pulse import Pulse
from tests.integration.routing.acting import act, other_than, owner_of

WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def disable(world, login):
    with world.routing.outbox.transaction() as tx:
        return people.disable_person(tx, world.routing.office, login)


def vanish(world, login):
    """Gone without handing anything over: what an older release, or a hand in the database, left behind."""
    with world.routing.engine.begin() as conn:
        conn.execute(update(people_table).where(people_table.c.login == login).values(active=False))


def open_batch(world, events):
    with world.routing.outbox.transaction() as tx:
        OpenCases(world.routing.office)(tx, events)


@contextmanager
def meeting(world, work):
    """Whatever the block does is uncommitted while `work` runs into it; yields where its result will be."""
    with ThreadPoolExecutor(1) as pool:
        met = []
        with world.routing.outbox.transaction() as tx:
            yield tx, met
            met.append(pool.submit(work))
            until_it_waits(world)


def until_it_waits(world):
    """On PostgreSQL until the other waits for a lock; SQLite lets nobody begin."""
    if world.routing.engine.dialect.name != "postgresql":
        return time.sleep(0.1)
    for _ in range(500):
        with world.routing.engine.connect() as conn:
            if conn.scalar(text(WAITING)):
                return None
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def owners(world):
    with world.routing.engine.connect() as conn:
        return set(conn.scalars(select(cases.c.owner_id)))


def test_a_batch_that_is_opened_meanwhile_goes_to_those_who_stay(world):
    staff = world.staff()
    events = [world.feedback("noise", "1") for _ in range(6)]
    with meeting(world, lambda: open_batch(world, events)) as (tx, met):
        people.disable_person(tx, world.routing.office, "ash")
    met[0].result()
    assert owners(world) == {staff["birch"].id}
    assert world.loads_agree()
    for event in events:
        assert set(world.names(event.subject)) <= {"case.opened", "case.assigned"}


def test_a_batch_that_was_opened_first_is_handed_over(world):
    staff = world.staff()
    events = [world.feedback("noise", "1") for _ in range(6)]
    with meeting(world, lambda: disable(world, "ash")) as (tx, met):
        OpenCases(world.routing.office)(tx, events)
    assert met[0].result() == 3
    assert owners(world) == {staff["birch"].id}
    assert world.loads_agree()


def test_nobody_is_given_a_case_while_she_leaves(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    to = "birch" if owner.login == "ash" else "ash"

    def give():
        act(world, staff["sage"], commands.assign, case_id, staff[to].id, "Hers")

    with meeting(world, give) as (tx, met):
        people.disable_person(tx, world.routing.office, to)
    with pytest.raises(Impossible):
        met[0].result()
    assert world.case(case_id)["owner_id"] == owner.id
    assert world.loads_agree()


def test_leaving_and_a_change_of_her_case_never_wait_for_each_other(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    with ThreadPoolExecutor(1) as pool:
        with world.desk(staff["sage"]) as desk:
            take_up(desk, ASSIGN, case_id, None)
            leaving = pool.submit(disable, world, owner.login)
            until_it_waits(world)
            commands.assign(desk, case_id, None, other_than(staff, owner).id, "She leaves")
        assert leaving.result() == 0
    assert world.loads_agree()


def test_nobody_takes_a_case_while_she_leaves(world):
    staff = world.staff()
    case_id = world.told("force")

    def take():
        with world.routing.desk(staff["laurel"]) as desk:
            commands.accept(desk, case_id, None)

    with meeting(world, take) as (tx, met):
        people.disable_person(tx, world.routing.office, "laurel")
    with pytest.raises(Impossible):
        met[0].result()
    assert world.case(case_id)["queue"] == "oversight"
    assert world.loads_agree()


def test_a_case_that_wakes_up_meanwhile_finds_somebody(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.reply, case_id, "It is permitted.")
    act(world, owner, commands.change_state, case_id, "resolved", outcome="explained", sentence="It is.")
    with meeting(world, lambda: world.wrote(case_id, "No")) as (tx, met):
        people.disable_person(tx, world.routing.office, owner.login)
    met[0].result()
    world.later(minutes=5)
    world.consume()
    assert world.case(case_id)["state"] == "assigned"
    assert world.case(case_id)["owner_id"] not in (owner.id, None)
    assert world.loads_agree()


def test_of_two_last_keepers_who_leave_at_once_one_stays(world):
    world.staff()
    world.person("sorrel", role="supervisor")
    world.told("noise", "9")
    with meeting(world, lambda: disable(world, "sorrel")) as (tx, met):
        people.disable_person(tx, world.routing.office, "sage")
    with pytest.raises(Impossible, match="Cases wait in"):
        met[0].result()


def test_the_last_keeper_of_a_queue_stays_while_cases_wait_in_it(world):
    staff = world.staff()
    case_id = world.told("noise", "9")
    assert world.case(case_id)["queue"] == "front-desk"
    with pytest.raises(Impossible, match="Police front desk"):
        disable(world, "sage")
    act(world, staff["sage"], commands.assign, case_id, staff["ash"].id, "She knows the place")
    assert disable(world, "sage") == 0


def test_a_queue_nobody_ever_kept_holds_nobody_back(world):
    world.staff()
    world.told("force", preferred_partner="partner", partner="puente")
    assert disable(world, "cedar") == 0


def test_the_last_of_oversight_stays_though_nothing_waits(world):
    world.staff()
    disable(world, "laurel")
    with pytest.raises(Impossible, match="Nobody of oversight"):
        disable(world, "linden")


def test_who_is_gone_is_seen_with_what_she_left_until_it_is_swept_up(world):
    staff = world.staff()
    left = [world.told("noise", "1") for _ in range(4)]
    vanish(world, "ash")
    with world.desk(staff["sage"]) as desk:
        loads = {load.login: load for load in workload(desk)}
    assert (loads["ash"].active, loads["ash"].open_cases) == (False, 2)
    keep(world)
    assert {world.case(case_id)["owner_id"] for case_id in left} == {staff["birch"].id}
    assert world.loads_agree()
    with world.desk(staff["sage"]) as desk:
        assert "ash" not in {load.login for load in workload(desk)}


def test_what_nobody_else_may_own_waits_for_somebody(world):
    staff = world.staff()
    case_id = world.told("force")
    act(world, staff["laurel"], commands.accept, case_id)
    for login in ("laurel", "linden"):
        vanish(world, login)
    keep(world)
    assert world.case(case_id)["owner_id"] == staff["laurel"].id
    new = world.person("larch", role="oversight", team="oversight")
    keep(world)
    assert world.case(case_id)["owner_id"] == new.id


def test_a_resident_is_heard_when_nobody_can_take_over(world):
    staff = world.staff()
    case_id = world.told("force")
    act(world, staff["laurel"], commands.accept, case_id)
    act(world, staff["laurel"], commands.reply, case_id, "We looked into it.")
    act(
        world,
        staff["laurel"],
        commands.change_state,
        case_id,
        "resolved",
        outcome="explained",
        sentence="So it was.",
    )
    for login in ("laurel", "linden"):
        vanish(world, login)
    world.wrote(case_id, "That does not answer me")
    assert world.case(case_id)["state"] == "in_progress"


def keep(world):
    """What the worker does every half minute, once."""

    class Once(Pulse):
        def wait(self, seconds: float) -> bool:
            self.stop()
            return True

    QueueKeeping(world.routing, world.routing.office)(Once())
