"""Rules in pages: read, written, looked over, proposed, approved by another organisation, and tried on the past."""

import pytest

from services.routing.handlers import commands
from services.routing.handlers.rules import Stage
from services.routing.queries import sight
from services.routing.queries.rules import rules_in_force
from tests.integration.routing.acting import act
from tests.integration.routing.pages.test_supervising import rows
from tests.integration.routing.publishing import text_of

CITYWIDE = """
[[rule]]
code = "noise"
when = { category = "noise", guarded = false, wants_partner = false }
then = { team = "citywide" }

[[expect]]
given = { category = "noise", district = "1" }
team = "citywide"
"""
POLICE = '[[rule]]\ncode = "hole"\nwhen = { category = "force" }\nthen = { team = "harbour" }\n'


def write(writer, text):
    """A new draft by the form; its address."""
    writer.submit(writer.get("/admin/rules/drafts/new").one("form"), text=text)
    return writer.page.response.headers["Location"]


def form(page, act_):
    (found,) = [each for each in page.all("form") if each.attrs["action"].endswith(f"/{act_}")]
    return found


def acts(page):
    return {each.attrs["action"].rpartition("/")[2] for each in page.all("form")}


def in_force(world):
    with world.routing.engine.connect() as conn:
        return rules_in_force(conn, world.routing.clock.now())


def notices(page):
    return [each.words for each in page.all("div", class_="notice")]


def test_the_built_in_rules_are_read_by_people(staff, browser):
    reader = browser(staff["audit"])
    assert "The built-in rules hold now" in reader.get("/admin/rules/").one("p", class_="lead").words
    page = reader.get("/admin/rules/versions/0")
    assert rows(page, "rules")["guarded"] == ["it is guarded", "oversight's queue"]
    assert all(cells[-1] == "✓ as expected" for cells in rows(page, "rows").values())
    reader.get("/admin/rules/versions/7", status=404)


def test_from_the_first_word_to_the_version_that_holds(lite, staff, browser):
    lite.person("cleo", team="citywide")
    writer, reviewer = browser(staff["admin"]), browser(staff["laurel"])
    address = write(writer, text_of(lite, CITYWIDE))
    page = writer.get(address)
    assert "Nothing speaks against it." in notices(page)[0]
    assert acts(page) == {"propose", "save", "discard"}
    writer.submit(form(page, "propose"))
    assert "approve" not in acts(writer.follow())
    assert in_force(lite) is None
    listed = reviewer.get("/admin/rules/")
    assert "waits for approval" in rows(listed, "drafts")["Trial"]
    reviewer.submit(form(reviewer.get(address), "approve"))
    assert "It became version 1." in reviewer.follow().one("p", class_="lead").words
    assert "“Trial” hold now, version 1." in reviewer.get("/admin/rules/").words
    assert lite.case(lite.told("noise", "1"))["team"] == "citywide"


def test_what_is_wrong_stands_beside_its_line(lite, staff, browser):
    writer = browser(staff["admin"])
    page = writer.get(write(writer, text_of(lite, POLICE)))
    there, wrong = rows(page, "problems")["3"]
    assert there == '[[rule]] code = "hole"'
    assert "The police could get what must be kept from them: category force" in wrong
    assert "propose" not in acts(page)
    writer.post(f"{page.response.request.path}/propose", status=409, sequence="1")
    assert "The police could get" in writer.page.words
    assert in_force(lite) is None


def test_a_text_that_is_no_rules_at_all(lite, staff, browser):
    writer = browser(staff["admin"])
    page = writer.get(write(writer, 'name = "Trial\n'))
    assert "This is no TOML" in rows(page, "problems")["1"][1]
    assert not page.all("div", **{"aria-labelledby": "rules-caption"})
    assert writer.submit(writer.get("/admin/rules/drafts/new").one("form"), status=422, text=" ").one(
        "p", id="text-error"
    )


def test_a_stale_form_changes_nothing_and_loses_no_words(lite, staff, browser):
    writer, other = browser(staff["admin"]), browser(staff["admin"])
    address = write(writer, text_of(lite))
    stale = form(other.get(address), "save")
    writer.submit(form(writer.get(address), "save"), text=text_of(lite, CITYWIDE))
    page = other.submit(stale, status=409, text="What I wrote")
    assert "Somebody changed this draft since you read it." in page.words
    assert page.one("textarea").text.strip() == "What I wrote"
    assert "citywide" in other.get(address).one("textarea").text


def test_nobody_approves_for_their_own_organisation(lite, staff, browser):
    writer, partner = browser(staff["laurel"]), browser(staff["willow"])
    address = write(writer, text_of(lite, CITYWIDE))
    writer.submit(form(writer.get(address), "propose"))
    assert "approve" not in acts(writer.follow())
    writer.post(f"{address}/approve", status=409, sequence="2")
    assert in_force(lite) is None
    partner.submit(form(partner.get(address), "approve"))
    assert in_force(lite).version == 1


def test_a_moment_that_is_none_is_refused_in_words(lite, staff, browser):
    writer = browser(staff["admin"])
    address = write(writer, text_of(lite))
    page = writer.submit(form(writer.get(address), "propose"), status=409, valid_from="soon")
    assert "Write the moment as" in page.words
    writer.submit(form(writer.get(address), "propose"), valid_from="2030-01-01T08:00")
    reviewer = browser(staff["laurel"])
    reviewer.submit(form(reviewer.get(address), "approve"))
    assert in_force(lite) is None
    assert "2030" in " ".join(rows(reviewer.get("/admin/rules/"), "versions")["1"])


def test_a_draft_is_withdrawn(lite, staff, browser):
    writer = browser(staff["admin"])
    address = write(writer, text_of(lite))
    writer.submit(form(writer.get(address), "discard"))
    assert acts(writer.follow()) == set()
    assert "Nobody is writing rules." in writer.get("/admin/rules/").words


def test_the_past_is_decided_in_the_worker_and_told_to_whoever_asked(lite, staff, browser):
    lite.person("cleo", team="citywide")
    for _ in range(3):
        lite.told("noise", "1")
    reviewer = browser(staff["laurel"])
    address = write(reviewer, text_of(lite, CITYWIDE))
    reviewer.submit(form(reviewer.get(address), "rehearse"), days="7")
    assert "0 of 3 concerns decided." in reviewer.follow().words
    stage = Stage(lite.routing.engine, lite.routing.clock, lite.routing.office)
    assert stage.step()
    assert not stage.step()
    page = reviewer.get(address)
    assert rows(page, "loads")["cleo"] == ["0", "3", "3", ""]
    assert "would own 3, owned 0" in page.response.text
    assert len(rows(page, "changes")) == 3
    assert "predicts assignment and load" in page.words
    assert not browser(staff["audit"]).get(address).all("div", **{"aria-labelledby": "loads-caption"})


def test_what_must_not_reach_the_reader_does_not_even_count(lite, staff, browser):
    hidden = lite.told("force", "1")
    lite.told("noise", "1")
    act(lite, staff["laurel"], commands.recuse, hidden, "A friend")
    reviewer = browser(staff["laurel"])
    address = write(reviewer, text_of(lite, CITYWIDE))
    reviewer.submit(form(reviewer.get(address), "rehearse"))
    assert "0 of 1 concerns decided." in reviewer.follow().words
    Stage(lite.routing.engine, lite.routing.clock, lite.routing.office).step()
    page = reviewer.get(address)
    assert "queue oversight" not in rows(page, "loads")
    assert lite.case(hidden)["reference"] not in page.words


@pytest.mark.parametrize("filtered", [True, False])
def test_a_rehearsal_from_before_forgets_what_is_walled_since(lite, staff, browser, monkeypatch, filtered):
    """It is begun anew, and comes out as if the case had never been. Without the filter it would not."""
    if not filtered:
        monkeypatch.setattr("services.routing.handlers.rules.rehearsals.visible", sight._admitted)
    hidden = lite.told("force", "1")
    lite.told("noise", "1")
    reviewer = browser(staff["laurel"])
    address = write(reviewer, text_of(lite, CITYWIDE))
    reviewer.submit(form(reviewer.get(address), "rehearse"))
    stage = Stage(lite.routing.engine, lite.routing.clock, lite.routing.office)
    assert stage.step()
    assert "queue oversight" in rows(reviewer.get(address), "loads")
    act(lite, staff["laurel"], commands.recuse, hidden, "A friend")
    page = reviewer.get(address)
    assert not page.all("div", **{"aria-labelledby": "loads-caption"})
    assert ("0 of 1 concerns decided." in page.words) == filtered
    assert stage.step()
    assert not stage.step()
    assert ("queue oversight" not in rows(reviewer.get(address), "loads")) == filtered


def test_a_rehearsal_that_was_cut_off_is_taken_up_anew(lite, staff, browser):
    lite.told("noise", "1")
    reviewer = browser(staff["laurel"])
    address = write(reviewer, text_of(lite, CITYWIDE))
    reviewer.submit(form(reviewer.get(address), "rehearse"))
    stage = Stage(lite.routing.engine, lite.routing.clock, lite.routing.office)
    assert stage._take() is not None  # the worker dies here
    assert not stage.step()
    lite.later(minutes=5)
    assert stage.step()
    assert rows(reviewer.get(address), "loads")
