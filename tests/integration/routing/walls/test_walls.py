"""Who is named never sees it, nor their unit, nor those above them: at the opening and from any later moment."""

import pytest
from sqlalchemy import update

from services.routing.domain.refusals import Impossible, Invalid, NotAllowed, NotFound
from services.routing.handlers import commands, walls
from services.routing.handlers.people import (
    disable_person,
)
from services.routing.models import people
from services.routing.queries import inbox
from tests.integration.routing.acting import act, in_progress, opened
from tests.integration.routing.walls.town import BESIDE, decide, excluded, seen_by, subjects, town

OUTSIDE = {"laurel", "linden", "audit"}


@pytest.mark.parametrize(
    "told",
    [
        {"text": "jordan vance never came"},
        {"text": "badge a-101 took my bike"},
        {"sealed": {"named_people": [{"name": "Vance, Jordan"}]}, "names_person": True},
        {"sealed": {"named_people": [{"badge": "A101"}]}, "names_person": True},
        {"category": "force", "text": "it was vance"},
    ],
)
def test_whoever_is_named_is_walled_from_the_first_moment(world, told):
    staff = town(world)
    case_id = world.told(**told)
    assert excluded(world, case_id) == BESIDE
    assert world.case(case_id)["queue"] == "oversight"
    assert seen_by(world, case_id, staff) == OUTSIDE
    assert world.case(case_id)["names_person"]


def test_a_unit_named_in_any_spelling_is_walled(world):
    staff = town(world)
    case_id = world.told(text="the HARBOR district-desk never answers")
    assert excluded(world, case_id) == BESIDE | {"vance": "unit"}
    assert seen_by(world, case_id, staff) == OUTSIDE


def test_a_case_about_nobody_has_no_wall(lite):
    staff = town(lite)
    case_id = lite.told()
    assert excluded(lite, case_id) == {}
    assert {"vance", "mate", "sergeant", "captain"} <= seen_by(lite, case_id, staff)


def test_a_complaint_about_a_partner_walls_the_partner(world):
    staff = town(world)
    case_id = world.told(text="Lantern House lost my papers")
    assert excluded(world, case_id) == {"willow": "organisation"}
    assert seen_by(world, case_id, staff) == OUTSIDE
    asked = world.told(text="please let Lantern House call me", preferred_partner="partner")
    assert excluded(world, asked) == {}
    assert "willow" in seen_by(world, asked, staff)


def test_oversight_that_is_named_is_out_and_when_nobody_is_left_the_outside_body_has_it(world):
    staff = town(world)
    case_id = world.told("force", sealed={"named_people": [{"name": "Laurel Bench"}]}, names_person=True)
    assert "linden" in seen_by(world, case_id, staff)
    assert "laurel" not in seen_by(world, case_id, staff)
    both = world.told("force", sealed={"named_people": [{"unit": "fair-hearing"}]}, names_person=True)
    assert world.case(both)["queue"] == "state-advocate"
    assert seen_by(world, both, staff) == {"juno", "audit"}


def test_naming_later_closes_the_door_at_once_and_moves_the_case(world):
    staff = town(world)
    case_id, owner = in_progress(world, staff)
    opened(world, owner, case_id)
    world.wrote(case_id, "it was jordan vance all along")
    assert excluded(world, case_id) == BESIDE
    assert seen_by(world, case_id, staff) == OUTSIDE
    assert world.case(case_id)["owner_id"] in (staff["laurel"].id, staff["linden"].id)
    with pytest.raises(NotFound):
        act(world, owner, commands.reply, case_id, "wait")
    assert world.loads_agree()


def test_staff_name_somebody_and_lose_sight_of_it_if_it_is_their_own_unit(world):
    staff = town(world)
    case_id, owner = in_progress(world, staff, district="2")
    assert owner.login == "orchard"
    act(world, owner, walls.name, case_id, {"name": "kim tide"})
    assert excluded(world, case_id) == {"mate": "named", "vance": "unit", "sergeant": "chain", "captain": "chain"}
    assert seen_by(world, case_id, staff) == OUTSIDE


def test_a_witness_is_closed_out_alone_and_the_owner_goes_on(world):
    staff = town(world)
    case_id, owner = in_progress(world, staff)
    witness = staff["mate" if owner.login == "vance" else "vance"]
    act(world, owner, walls.name, case_id, {"name": witness.name}, "witness")
    assert excluded(world, case_id) == {witness.login: "declared"}
    assert owner.login in seen_by(world, case_id, staff)
    act(world, owner, walls.name, case_id, {"name": owner.name}, "relative")
    assert world.case(case_id)["owner_id"] not in (owner.id, witness.id)
    assert not {"vance", "mate"} & seen_by(world, case_id, staff)


def test_naming_somebody_nobody_knows_keeps_the_case_from_the_police(lite):
    staff = town(lite)
    case_id, owner = in_progress(lite, staff)
    act(lite, owner, walls.name, case_id, {"name": "Nobody Here"})
    assert seen_by(lite, case_id, staff) == OUTSIDE
    with pytest.raises(Invalid):
        act(lite, staff["laurel"], walls.name, case_id, {"name": "  "})


def test_what_the_text_only_seemed_to_name_is_lifted_outside_the_police(world):
    staff = town(world)
    case_id = world.told(text="the poster said kim tide")
    (subject,) = subjects(world, case_id)
    assert (subject.source, subject.state) == ("found", "open")
    decide(world, staff["laurel"], walls.confirm, case_id, subject.id)
    assert subjects(world, case_id)[0].state == "held"
    decide(world, staff["laurel"], walls.lift, case_id, subject.id)
    assert excluded(world, case_id) == {}
    assert world.case(case_id)["names_person"], "nobody lowers a complaint by it"
    assert seen_by(world, case_id, staff) == OUTSIDE
    act(world, staff["laurel"], walls.name, case_id, {"name": "kim tide"})
    assert "mate" in excluded(world, case_id)


def test_the_police_decide_on_no_wall(lite):
    staff = town(lite)
    case_id, owner = in_progress(lite, staff)
    act(lite, owner, walls.name, case_id, {"name": "Robin Shoal"}, "witness")
    (subject,) = subjects(lite, case_id)
    with pytest.raises(NotAllowed):
        decide(lite, owner, walls.lift, case_id, subject.id)
    with pytest.raises(NotAllowed):
        decide(lite, owner, walls.propose, case_id, staff["sergeant"].id, "we need him")
    assert excluded(lite, case_id) == {"sergeant": "declared"}


def test_two_of_oversight_let_somebody_in_again_but_never_the_named(world):
    staff = town(world)
    case_id = world.told("force", text="it was jordan vance", preferred_partner="either")
    laurel, linden = staff["laurel"], staff["linden"]
    decide(world, laurel, walls.propose, case_id, staff["captain"].id, "The captain only signs.")
    assert "captain" in excluded(world, case_id)
    with pytest.raises(Impossible):
        decide(world, laurel, walls.agree, case_id, staff["captain"].id)
    decide(world, linden, walls.agree, case_id, staff["captain"].id)
    assert excluded(world, case_id) == {who: why for who, why in BESIDE.items() if who != "captain"}
    with pytest.raises(Invalid):
        decide(world, laurel, walls.propose, case_id, staff["vance"].id, "Sorry.")


def test_a_complaint_about_the_liaisons_own_desk_goes_outside_the_city(world):
    staff = town(world)
    world.person("cedar", team="citywide", unit="Citywide desk", name="Cedar Knoll")
    case_id = world.told(text="cedar knoll hung up on me")
    assert world.case(case_id)["queue"] == "state-advocate"
    assert world.case(case_id)["organisation"] == "state-advocate"
    assert "juno" in seen_by(world, case_id, staff)


def test_a_wall_outranks_an_empty_house(world):
    """Nobody of oversight is there: it waits outside all the same, and the chain gets nothing."""
    staff = town(world)
    case_id, _ = in_progress(world, staff)
    with world.routing.outbox.transaction() as tx:
        for login in ("laurel", "juno"):
            disable_person(tx, world.routing.office, login)
        # Nobody may disable the last of oversight; an empty house comes about in other ways.
        tx.conn.execute(update(people).where(people.c.login == "linden").values(active=False))
    world.wrote(case_id, "jordan vance did it")
    case = world.case(case_id)
    assert (case["owner_id"], case["organisation"]) == (None, "fair-hearing")
    there = {login: actor for login, actor in staff.items() if login not in ("laurel", "linden", "juno")}
    assert seen_by(world, case_id, there) == {"audit"}
    assert world.loads_agree()


def test_the_wall_holds_when_somebody_leaves_and_hands_over(world):
    staff = town(world)
    case_id, owner = in_progress(world, staff)
    other = staff["mate" if owner.login == "vance" else "vance"]
    act(world, owner, walls.name, case_id, {"name": other.name}, "relative")
    with world.routing.outbox.transaction() as tx:
        disable_person(tx, world.routing.office, owner.login)
    assert world.case(case_id)["owner_id"] not in (other.id, owner.id)


def test_a_story_nobody_can_open_is_kept_from_the_police(lite):
    staff = town(lite)
    event = lite.feedback()
    event.data["sealed"] = lite.feedback(text="sealed by another key").data["sealed"]
    lite.deliver(event)
    assert lite.case(event.subject)["names_person"]
    assert lite.case(event.subject)["queue"] == "oversight"
    with lite.desk(staff["laurel"]) as desk:
        assert [row.id for row in inbox(desk, "all").items] == [event.subject]
