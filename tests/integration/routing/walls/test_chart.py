"""Walls follow the chart: signed changes, those who move, those who begin, and other names."""

import pytest

from services.routing.domain.refusals import Invalid, NotAllowed, NotFound
from services.routing.handlers.people import (
    NewPerson,
    add_alias,
    add_person,
    propose_post,
    refuse_post,
    sign_post,
)
from tests.integration.routing.walls.town import BESIDE, decide, excluded, town


def test_a_change_of_the_chart_waits_for_oversights_signature(world):
    staff = town(world)
    case_id = world.told("force", text="it was jordan vance")
    proposal = decide(world, staff["admin"], propose_post, "orchard", "Harbour district desk", "sergeant")
    assert "orchard" not in excluded(world, case_id)
    with pytest.raises(NotAllowed):
        decide(world, staff["admin"], sign_post, proposal)
    decide(world, staff["laurel"], sign_post, proposal)
    assert excluded(world, case_id) == BESIDE | {"orchard": "unit"}
    with pytest.raises(NotFound):
        decide(world, staff["laurel"], sign_post, proposal)


def test_whoever_moves_away_stays_out_of_what_was_filed_before(world):
    staff = town(world)
    case_id = world.told("force", text="it was jordan vance")
    world.later(days=3)
    decide(
        world, staff["laurel"], sign_post,
        decide(world, staff["admin"], propose_post, "vance", "Orchard district desk", "captain"),
    )  # fmt: skip
    assert excluded(world, case_id) == BESIDE | {"orchard": "unit"}
    assert excluded(world, world.told("force", text="it was jordan vance")) == {
        "vance": "named", "orchard": "unit", "captain": "chain",
    }  # fmt: skip
    earlier = world.told("force", text="it was jordan vance", sealed={"occurred_at": "2020-01-05"})
    assert {"mate", "sergeant"} <= excluded(world, earlier).keys()


def test_whoever_begins_in_a_walled_unit_is_closed_out_too(world):
    town(world)
    case_id = world.told("force", text="it was jordan vance")
    with world.routing.outbox.transaction() as tx:
        new = NewPerson(login="new", name="New Comer", role="liaison", team="harbour", unit="harbour district DESK")
        add_person(tx, world.routing.office, new)
    assert excluded(world, case_id)["new"] == "unit"


def test_a_refused_change_holds_never(lite):
    staff = town(lite)
    proposal = decide(lite, staff["admin"], propose_post, "vance", "Elsewhere", None)
    decide(lite, staff["laurel"], refuse_post, proposal)
    with pytest.raises(NotFound):
        decide(lite, staff["laurel"], sign_post, proposal)
    for login, above in (("captain", "vance"), ("captain", "captain")):
        with pytest.raises(Invalid):
            decide(lite, staff["admin"], propose_post, login, "Command", above)
    with pytest.raises(Invalid):
        decide(lite, staff["admin"], propose_post, "captain", "Command", None)


def test_an_alias_counts_from_when_it_is_known(lite):
    town(lite)
    with lite.routing.outbox.transaction() as tx:
        add_alias(tx, "vance", "Stone Face")
    assert excluded(lite, lite.told(text="stone face shouted")) == BESIDE
