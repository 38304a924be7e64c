"""The past again: every certificate comes out the same, and a draft shows what it would have done."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.routing.domain.rules import read
from services.routing.domain.simulation import simulated
from services.routing.handlers import commands, people, walls
from services.routing.handlers.rules import Archive, pasts, replays
from services.routing.models import history
from services.routing.models import people as staff_table
from tests.integration.routing.acting import act, in_progress, owner_of, resolved
from tests.integration.routing.publishing import publish, text_of
from tests.integration.routing.walls.town import town

PARTY = """
[[rule]]
code = "party"
when = { keywords = ["party"], guarded = false, wants_partner = false }
then = { team = "citywide" }
"""


def replayed(world):
    with world.routing.engine.connect() as conn:
        return list(replays(Archive(conn, world.routing.office)))


def forecast(world, before, since=timedelta(days=1), until=timedelta()):
    rules, now = read(text_of(world, before)).rules, world.routing.clock.now()
    with world.routing.engine.connect() as conn:
        archive = Archive(conn, world.routing.office)
        told = pasts(archive, rules, now - since, now + until)
        *_, result = simulated(told, rules, world.routing.office.directory)
    return result


def lived_in(world):
    """A past with everything that chooses an owner: openings, steps aside, leavers, two versions of the rules."""
    staff = world.staff()
    world.person("cleo", team="citywide")
    first = world.told("noise", sealed={"contact": {"phone": "+12155550142"}})
    act(world, owner_of(world, staff, first), commands.recuse, first, "A cousin")
    for category in ("noise", "force", "retaliation", "traffic"):
        world.told(category, text="A party")
    world.told(quarantine="blank")
    world.told(preferred_partner="partner", partner="puente")
    publish(world, staff, PARTY)
    world.told(text="A party", sealed={"contact": {"phone": "+12155550142"}})
    with world.routing.engine.begin() as conn:
        conn.execute(update(staff_table).where(staff_table.c.login == "ash").values(languages=["es"], cap=1))
    world.told(language="es")
    with world.routing.outbox.transaction() as tx:
        people.disable_person(tx, world.routing.office, "birch")
    world.told()
    return staff


def test_every_certificate_comes_out_the_same(world):
    lived_in(world)
    found = replayed(world)
    assert {each.version for each in found} == {0, 1}
    assert len(found) >= 11
    assert all(each.same for each in found)


def test_what_a_wall_moved_comes_out_the_same(world):
    """A keeper behind the wall, all of oversight, the liaisons themselves, somebody who has left."""
    staff = town(world)
    with world.routing.outbox.transaction() as tx:
        people.disable_person(tx, world.routing.office, "mate")
    case_id = world.told("noise", "1")
    for text in ("it was kim tide", "robin shoal and laurel bench", "jordan vance", "the captain knew", "a party"):
        world.told("traffic", text=text)
    world.told(preferred_partner="partner", partner="puente", text="jordan vance was there")
    for named in (("laurel bench", "linden"), ("captain",), ("Lantern House",)):
        told = {"named_people": [{"name": each} for each in named]}
        world.told("force", sealed=told, names_person=True)
    act(world, owner_of(world, staff, case_id), walls.name, case_id, {"name": "orchard"}, "relative")
    found = replayed(world)
    assert len(found) >= 10
    assert [each for each in found if not each.same] == []
    with world.routing.engine.connect() as conn:
        kept = conn.scalars(select(history.c.certificate).where(history.c.certificate.is_not(None))).all()
    assert {"outside_body", "raised"} & {each["rule"] for each in kept}
    assert any(each["beyond"] for each in kept)
    forecast(world, "")


@pytest.mark.parametrize("name", ["owner_id", "sentence", "rule"])
def test_a_certificate_somebody_changed_shows(lite, name):
    staff = lite.staff()
    case_id = lite.told()
    entry = lite.entries(case_id)[0]
    changed = entry["certificate"] | {name: str(staff["cedar"].id)}
    with lite.routing.engine.begin() as conn:
        conn.execute(update(history).where(history.c.case_id == case_id).values(certificate=changed))
    assert [(each.case_id, each.same) for each in replayed(lite)] == [(case_id, False)]


def test_what_a_person_decided_is_not_the_rules_to_answer_for(lite):
    staff = lite.staff()
    case_id, owner = in_progress(lite, staff)
    other = staff["birch"] if owner.login == "ash" else staff["ash"]
    act(lite, owner, commands.assign, case_id, other.id, "She knows the street")
    assert [each.sequence for each in replayed(lite)] == [1]


def test_a_draft_shows_who_would_own_what(world):
    staff = world.staff()
    world.person("cleo", team="citywide")
    for text in ("A party", "Loud engines", "Another party"):
        world.told(text=text)
    result = forecast(world, PARTY)
    assert result.decided == 3
    assert [each.after for each in result.changed if each.rule == "party"] == ["cleo"] * 2
    assert [each.after for each in result.changed if each.rule != "party"] == ["ash"]  # who has less to do now
    assert (result.owned["cleo"], result.highest["cleo"]) == (2, 2)
    assert sum(result.owned_before.values()) == 3
    assert (result.unroutable, result.violations, result.pointed_at_police) == ([], [], [])
    assert staff


def test_the_rules_that_held_change_nothing(world):
    world.staff()
    for _ in range(4):
        world.told()
    assert forecast(world, "").changed == []


def test_a_load_ends_when_the_case_ended(world):
    staff = world.staff()
    with world.routing.outbox.transaction() as tx:
        people.set_available(tx, "birch", False)
    resolved(world, staff)
    world.later(hours=1)
    world.told()
    assert forecast(world, "").highest["ash"] == 1


def test_a_draft_that_points_at_the_police_is_told_and_kept_from_them(lite):
    lite.staff()
    lite.told("force")
    result = forecast(lite, '[[rule]]\ncode = "bad"\nwhen = { category = "force" }\nthen = { team = "harbour" }\n')
    (pointed,) = result.pointed_at_police
    assert (pointed.after, pointed.rule, result.violations) == ("queue oversight", "kept_from_police", [])


def test_who_stepped_aside_would_not_own_it_by_a_draft_either(lite):
    staff = lite.staff()
    case_id = lite.told()
    owner = owner_of(lite, staff, case_id)
    act(lite, owner, commands.recuse, case_id, "A cousin")
    result = forecast(lite, "")
    assert owner.login not in result.owned
    assert result.violations == []
