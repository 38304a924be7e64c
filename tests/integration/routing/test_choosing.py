"""What decisions look at besides the concern: languages, shifts, days off, who was there before, rules' words."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.routing.domain.snapshots import canonical
from services.routing.handlers import commands
from services.routing.models import people, snapshots
from tests.integration.routing.acting import act, opened, owner_of
from tests.integration.routing.publishing import publish


def arrange(world, login, **values):
    """Something an administrator said of a person."""
    with world.routing.engine.begin() as conn:
        conn.execute(update(people).where(people.c.login == login).values(values))


def reasons(world, staff, case_id):
    view = opened(world, staff["laurel"], case_id)
    return {each["login"]: each["reason"] for each in view.certificate["candidates"]}


def test_the_person_who_reads_the_language_is_there_and_not_full(world):
    staff = world.staff()
    arrange(world, "ash", languages=["en"])
    arrange(world, "birch", languages=["es"])
    assert reasons(world, staff, world.told(language="es")) == {"ash": "language", "birch": "eligible"}
    arrange(world, "ash", languages=["es"], cap=0)
    assert reasons(world, staff, world.told(language="es")) == {"ash": "full", "birch": "eligible"}
    today = world.routing.clock.now().astimezone(world.routing.office.city.time_zone).date()
    arrange(world, "birch", away=[{"from": str(today), "to": str(today + timedelta(days=1))}])
    case_id = world.told(language="es")
    assert reasons(world, staff, case_id) == {"ash": "full", "birch": "away"}
    assert world.case(case_id)["queue"] == "front-desk"


def test_who_is_not_on_shift_gets_nothing_new(world):
    staff = world.staff()
    now = world.routing.clock.now().astimezone(world.routing.office.city.time_zone)
    hour = (now + timedelta(hours=3)).hour
    arrange(world, "ash", shift=f"{hour:02}:00-{(hour + 2) % 24:02}:00")
    assert reasons(world, staff, world.told()) == {"ash": "off_shift", "birch": "eligible"}


def contact(**by):
    return {"sealed": {"contact": by}, "contact_by": "sms"}


def test_the_same_resident_comes_to_the_same_person(world):
    staff = world.staff()
    first = world.told(**contact(phone="+12155550142"))
    owner = owner_of(world, staff, first)
    for _ in range(3):
        again = world.told(**contact(phone="+12155550142"))
        assert world.case(again)["owner_id"] == owner.id
    other = world.told(**contact(email="someone@example.org"))
    assert world.case(other)["owner_id"] != owner.id
    assert world.case(first)["resident"] == world.case(again)["resident"] != world.case(other)["resident"]
    assert b"5550142" not in world.case(first)["resident"]
    act(world, owner, commands.recuse, again, "A neighbour")
    assert world.case(again)["owner_id"] != owner.id


def test_the_same_resident_within_one_batch(world):
    world.staff()
    events = [world.feedback(**contact(phone="+12155550142")) for _ in range(3)]
    world.deliver(*events)
    assert len({world.case(event.subject)["owner_id"] for event in events}) == 1


def test_nobody_is_known_again_who_stays_unknown(world):
    world.staff()
    assert world.case(world.told(anonymous=True))["resident"] is None


def test_people_and_places_are_kept_once_for_many_decisions(world):
    staff = world.staff()
    for _ in range(3):
        world.told()
    arrange(world, "ash", skills=["mediation"])
    world.told()
    with world.routing.engine.connect() as conn:
        kinds = sorted(conn.scalars(select(snapshots.c.kind)))
    assert kinds == ["arrangement", "roster", "roster"]
    assert staff


WORDS = """
[[rule]]
code = "party"
when = { keywords = ["block party"], guarded = false, wants_partner = false }
then = { team = "citywide", priority = 3, policy = "safety" }

[[rule]]
code = "unit"
when = { named_unit = ["Harbour district desk"] }
then = { queue = "partner-triage" }
"""


def test_published_rules_hold_and_hear_their_words(world):
    staff = world.staff()
    world.person("cleo", team="citywide")
    publish(world, staff, WORDS)
    case_id = world.told(text="The Block  Party goes on until four")
    case = world.case(case_id)
    assert (case["team"], case["priority"], case["policy"]) == ("citywide", 3, "safety")
    certificate = opened(world, staff["laurel"], case_id).certificate
    assert (certificate["rule"], certificate["version"], certificate["rules"]) == ("party", 1, "Trial")
    assert certificate["facts"]["keywords"] == ["block party"]
    assert "until four" not in canonical(world.entries(case_id)[0]["certificate"]).decode()
    named = world.told(sealed={"named_people": [{"unit": "harbour  district desk"}]}, names_person=True)
    assert (world.case(named)["queue"], world.case(named)["state"]) == ("partner-triage", "in_review")
    # Whoever leaves: the words are heard again when the rules choose anew.
    assert opened(world, staff["laurel"], world.told()).certificate["rule"] == "category_and_district"


def test_a_longer_promise_of_a_rule_breaks_no_promise_made(world):
    staff = world.staff()
    slow = WORDS.replace('policy = "safety"', 'policy = "ideas-and-thanks"')
    world.person("cleo", team="citywide")
    publish(world, staff, slow)
    assert world.case(world.told(text="block party"))["policy"] == "default"


def test_a_version_holds_from_its_moment(world):
    staff = world.staff()
    world.person("cleo", team="citywide")
    publish(world, staff, WORDS, valid_from=world.routing.clock.now() + timedelta(hours=1))
    assert opened(world, staff["laurel"], world.told(text="block party")).certificate["version"] == 0
    world.later(hours=2)
    assert opened(world, staff["laurel"], world.told(text="block party")).certificate["version"] == 1


@pytest.mark.parametrize("text", ["No party here", "blockparty"])
def test_words_are_words_of_their_own(lite, text):
    staff = lite.staff()
    lite.person("cleo", team="citywide")
    publish(lite, staff, WORDS)
    assert lite.case(lite.told(text=text))["team"] == "harbour"
