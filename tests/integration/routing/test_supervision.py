"""Boxes and pages of the inbox, workload, queues and what is due: all within sight."""

from datetime import timedelta

import pytest

from services.routing.domain.boxes import BOXES
from services.routing.domain.refusals import Invalid
from services.routing.handlers import commands
from services.routing.queries import box_counts, due_soon, inbox, overdue, queue_sizes, workload
from services.routing.queries.inbox import Filters
from tests.integration.routing.acting import act, in_progress, owner_of


def test_workload_counts_only_what_the_reader_sees(world):
    staff = world.staff()
    for _ in range(4):
        world.told("noise", "1")
    mine, owner = in_progress(world, staff)
    act(world, owner, commands.change_state, mine, "waiting_on_resident")
    conduct = world.told("force")
    act(world, staff["laurel"], commands.accept, conduct)
    world.later(hours=49)
    with world.desk(staff["sage"]) as desk:
        loads = {load.login: load for load in workload(desk)}
    assert set(loads) == {"ash", "birch", "cedar"}
    assert loads["ash"].open_cases + loads["birch"].open_cases == 5
    assert loads["ash"].overdue + loads["birch"].overdue == 4
    assert loads[owner.login].waiting == 1
    with world.desk(staff["laurel"]) as desk:
        everybody = {load.login: load.open_cases for load in workload(desk)}
    assert everybody["laurel"] == 1
    assert everybody["willow"] == 0


def test_queues_and_what_is_due(world):
    staff = world.staff()
    world.told("force")
    noise = world.told("noise")
    with world.desk(staff["sage"]) as desk:
        assert [(queue.code, queue.waiting, queue.owner.id) for queue in queue_sizes(desk)] == [
            ("front-desk", 0, staff["sage"].id)
        ]
        assert due_soon(desk) == ()
        assert [row.id for row in due_soon(desk, timedelta(hours=49))] == [noise]
    with world.desk(staff["laurel"]) as desk:
        sizes = {queue.code: queue.waiting for queue in queue_sizes(desk)}
    assert sizes == {"front-desk": 0, "partner-triage": 0, "puente-desk": 0, "oversight": 1, "state-advocate": 0}
    world.later(hours=49)
    with world.desk(staff["sage"]) as desk:
        assert [(row.id, row.overdue) for row in overdue(desk)] == [(noise, True)]


def test_boxes_hold_what_they_say_and_their_counts_agree(world):
    staff = world.staff()
    for _ in range(3):
        world.told("noise", "1")
    mine, owner = in_progress(world, staff)
    act(world, owner, commands.change_state, mine, "waiting_on_resident")
    done, _ = in_progress(world, staff, category="traffic")
    act(
        world, owner_of(world, staff, done), commands.change_state, done, "resolved",
        outcome="explained", sentence="It is permitted.",
    )  # fmt: skip
    world.told("force")
    for actor in staff.values():
        if actor.role == "administrator":
            continue
        with world.desk(actor) as desk:
            counts = box_counts(desk)
            for box in BOXES:
                assert counts[box] == len(inbox(desk, box, limit=200).items), (actor.login, box)
    with world.desk(owner) as desk:
        assert mine in {row.id for row in inbox(desk, "waiting").items}
        assert done not in {row.id for row in inbox(desk, "mine").items}
        assert [row.id for row in inbox(desk, "all", Filters(category="traffic")).items] == [done]


@pytest.mark.parametrize("box", ["all", "due"])
def test_pages_follow_each_other_without_gap_or_repeat(world, box):
    staff = world.staff()
    events = [world.feedback("noise", "1") for _ in range(11)]
    world.deliver(*events)
    world.later(hours=30)
    seen, cursor = [], None
    with world.desk(staff["sage"]) as desk:
        while True:
            page = inbox(desk, box, cursor=cursor, limit=4)
            seen += [row.id for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        other = "due" if box == "all" else "all"
        first = inbox(desk, box, limit=4).next_cursor
        with pytest.raises(Invalid):
            inbox(desk, other, cursor=first)
    assert len(seen) == 11
    assert set(seen) == {event.subject for event in events}


def test_a_reference_is_found_by_its_beginning(lite):
    staff = lite.staff()
    case_id = lite.told()
    reference = lite.case(case_id)["reference"]
    with lite.desk(staff["sage"]) as desk:
        for q in (reference, reference.lower(), reference[:4], f" {reference} "):
            assert [row.id for row in inbox(desk, "all", Filters(q=q)).items] == [case_id]
        for q in ("%", "_", "zz"):
            assert inbox(desk, "all", Filters(q=q)).items == ()
