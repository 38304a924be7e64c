"""Many at once: loads stay right, one of two answers wins, a batch and its redelivery meet."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from sqlalchemy import func, select, text

from services.routing.domain.refusals import Impossible, Stale
from services.routing.handlers import commands
from services.routing.handlers.casework import lock, move
from services.routing.handlers.open_cases import OpenCases
from services.routing.models import cases
from shared.db import is_outage
from shared.timers.tables import TIMERS
from tests.integration.delivery.station import until
from tests.integration.routing.acting import act, owner_of
from tests.integration.routing.world import World, prepare


def patiently(work):
    """As a consumer does: an outage (a deadlock resolved, a lock too long) is tried again."""
    while True:
        try:
            return work()
        except Exception as error:
            if not is_outage(error):
                raise


def test_loads_stay_right_when_many_hand_over_at_once(world):
    staff = world.staff()
    events = [world.feedback("noise", "1") for _ in range(12)]
    world.deliver(*events)
    ids = [event.subject for event in events]

    def shuffle(number):
        for case_id, to in zip(ids[number:] + ids[:number], cycle([staff["ash"], staff["birch"]]), strict=False):
            try:
                patiently(
                    lambda case_id=case_id, to=to: act(
                        world, staff["sage"], commands.assign, case_id, to.id, f"round {number}"
                    )
                )
            except Impossible:
                continue  # hers already

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(shuffle, range(6)))
    assert world.loads_agree()
    for case_id in ids:
        world.published(case_id)  # gapless


def test_only_one_of_two_replies_on_the_same_ground_is_taken(world):
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    start = threading.Barrier(4)

    def answer(number):
        start.wait()
        try:
            return patiently(lambda: act(world, owner, commands.reply, case_id, f"answer {number}", expected=1))
        except Stale:
            return None

    with ThreadPoolExecutor(4) as pool:
        taken = [sequence for sequence in pool.map(answer, range(4)) if sequence is not None]
    assert len(taken) == 1
    assert world.names(case_id).count("reply.written") == 1


@pytest.mark.postgres
def test_an_answer_at_the_due_moment_and_the_timer_do_not_wait_crosswise(postgres_databases, tmp_path):
    world = World.open(postgres_databases.prepared("routing", prepare), tmp_path)
    staff = world.staff()
    case_id = world.told()
    owner = owner_of(world, staff, case_id)
    firing = threading.Thread(target=world.later, kwargs={"days": 30})
    with world.desk(owner) as desk:
        work = lock(desk.tx, desk.office, case_id)
        firing.start()
        until(lambda: waiting_for_a_lock(world))
        # Closing ends every clock and calls the timer off, as an answer does with its own.
        move(work, "closed")
        work.save()
    firing.join(30)
    assert not firing.is_alive()
    assert "response.overdue" not in world.names(case_id)
    with world.routing.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(TIMERS).where(TIMERS.c.fired_at.is_not(None))) == 0
    world.close()


def waiting_for_a_lock(world):
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with world.routing.engine.connect() as conn:
        return conn.scalar(text(waiting)) > 0


def test_two_workers_open_batches_at_once(world):
    staff = world.staff()
    batches = [[world.feedback("noise", "1") for _ in range(40)] for _ in range(4)]
    handler = OpenCases(world.routing.office)
    start = threading.Barrier(4)

    def open_batch(events):
        start.wait()

        def once():
            with world.routing.outbox.transaction() as tx:
                handler(tx, events)

        patiently(once)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(open_batch, batches))
    with world.routing.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(cases)) == 160
        assert conn.scalar(select(func.count(cases.c.reference.distinct())).select_from(cases)) == 160
    assert world.loads_agree()
    assert {world.case(event.subject)["owner_id"] for event in batches[0]} <= {staff["ash"].id, staff["birch"].id}
