"""Many at once: loads stay right, one of two answers wins, a batch and its redelivery meet."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from sqlalchemy import func, select

from services.routing.domain.refusals import Impossible, Stale
from services.routing.handlers import commands
from services.routing.handlers.open_cases import OpenCases
from services.routing.models import cases
from shared.db import is_outage
from tests.integration.routing.acting import act, owner_of


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
