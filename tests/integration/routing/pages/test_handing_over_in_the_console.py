"""Who owns a case: taken, given to another, stepped aside from."""

from uuid import UUID

from tests.integration.routing.acting import other_than, owner_of
from tests.integration.routing.pages.forms import form, notice


def test_a_case_nobody_owns_is_taken(lite, staff, browser):
    case_id = lite.told("force", "1")
    laurel = browser(staff["laurel"])
    page = laurel.get(f"/console/cases/{case_id}?box=unassigned")
    assert "Replying makes it yours." in page.one("article").one("div", class_="reply").words
    laurel.submit(form(page, "accept"))
    assert notice(laurel.follow()) == "This is yours now."
    assert lite.case(case_id)["owner_id"] == staff["laurel"].id


def test_ones_own_is_taken_up(lite, staff, browser):
    case_id = lite.told()
    owner = browser(owner_of(lite, staff, case_id))
    owner.submit(form(owner.get(f"/console/cases/{case_id}"), "accept"))
    assert lite.case(case_id)["state"] == "in_progress"
    page = owner.follow()
    assert not [each for each in page.all("form") if each.attrs["action"].partition("?")[0].endswith("/accept")]


def test_a_case_is_given_to_somebody_who_may_own_it(lite, staff, browser):
    case_id = lite.told()
    owner = owner_of(lite, staff, case_id)
    other = other_than(staff, owner)
    mine = browser(owner)
    page = mine.get(f"/console/cases/{case_id}?act=assign")
    offered = {each.words: each.attrs["value"] for each in page.one("select", id="owner_id").all("option")}
    assert other.name in offered and owner.name not in offered
    assert not {"Willow", "Laurel", "Admin"} & set(offered)
    mine.submit(form(page, "assign"), owner_id=offered[other.name], reason="On leave from tomorrow.")
    page = mine.follow()
    assert page.response.request.path == f"/console/cases/{case_id}"  # her team's cases stay in sight
    assert notice(page) == "It has a new owner."
    assert lite.case(case_id)["owner_id"] == UUID(offered[other.name])
    assert (
        "On leave from tomorrow."
        in browser(other).get(f"/console/cases/{case_id}").one("ol", class_="thread").words
    )


def test_giving_needs_a_person_and_a_reason(lite, staff, browser):
    case_id = lite.told()
    owner = owner_of(lite, staff, case_id)
    mine = browser(owner)
    page = mine.get(f"/console/cases/{case_id}?act=assign")
    page = mine.submit(form(page, "assign"), status=422, owner_id="", reason="Because")
    assert "Choose a person." in page.one("p", id="owner_id-error").words
    assert form(page, "assign").fields()["reason"] == "Because"
    page = mine.submit(form(page, "assign"), status=422, owner_id=str(other_than(staff, owner).id), reason=" ")
    assert page.one("p", id="reason-error")
    assert form(page, "assign").fields()["owner_id"] == str(other_than(staff, owner).id)


def test_what_the_case_does_not_allow_is_said_with_what_was_typed(lite, staff, browser):
    case_id = lite.told()
    owner = owner_of(lite, staff, case_id)
    mine = browser(owner)
    page = mine.get(f"/console/cases/{case_id}?act=assign")
    page = mine.submit(form(page, "assign"), status=409, owner_id=str(owner.id), reason="Please")
    assert "That was not done." in page.words
    assert form(page, "assign").fields()["reason"] == "Please"


def test_stepping_aside_hands_over_and_hides(lite, staff, browser):
    case_id = lite.told()
    owner = owner_of(lite, staff, case_id)
    mine = browser(owner)
    mine.submit(form(mine.get(f"/console/cases/{case_id}?act=recuse"), "recuse"), reason="He is my neighbour.")
    page = mine.follow()
    assert "You stepped aside." in notice(page)
    assert not page.all("li", class_="card")
    assert lite.case(case_id)["owner_id"] == other_than(staff, owner).id
    mine.get(f"/console/cases/{case_id}", status=404)
