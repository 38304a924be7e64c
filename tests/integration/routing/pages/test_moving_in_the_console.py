"""What becomes of a case: the steps that are offered, what each asks for, what is refused."""

from tests.integration.routing.acting import in_progress, owner_of, resolved
from tests.integration.routing.pages.forms import form, notice


def test_nothing_is_resolved_without_an_outcome_and_a_sentence(lite, staff, browser):
    case_id, owner = in_progress(lite, staff)
    mine = browser(owner)
    page = mine.get(f"/console/cases/{case_id}?act=state&to=resolved")
    page = mine.submit(form(page, "state"), status=422, sentence="The light works.")
    assert page.one("p", id="outcome-error")
    assert form(page, "state").fields()["sentence"] == "The light works."
    page = mine.submit(form(page, "state"), status=422, outcome="explained", sentence=" ")
    assert page.one("p", id="sentence-error")
    mine.submit(form(page, "state"), outcome="explained", sentence="The light works.")
    row = lite.case(case_id)
    assert (row["state"], row["outcome"]) == ("resolved", "explained")
    assert notice(mine.follow()) == "The case has moved on."


def test_findings_about_a_person_are_offered_to_oversight_only(lite, staff, browser):
    case_id, owner = in_progress(lite, staff)
    for actor, offered in ((owner, False), (staff["laurel"], True)):
        page = browser(actor).get(f"/console/cases/{case_id}?act=state&to=resolved")
        outcomes = [each.attrs["value"] for each in page.one("select", id="outcome").all("option")]
        assert ("sustained" in outcomes) is offered


def test_the_steps_that_may_follow_are_offered_and_each_opens_its_form(lite, staff, browser):
    case_id, owner = in_progress(lite, staff)
    mine = browser(owner)
    ways = mine.get(f"/console/cases/{case_id}").one("aside", id="facts").all("a", class_="way")
    assert [way.words for way in ways] == [
        "Wait for the resident", "Resolve", "Pass it on to others", "Start mediation", "Give it to somebody",
        "Log a call, visit or letter", "Name somebody", "Step aside",
    ]  # fmt: skip
    for way in ways:
        page = mine.get(way.attrs["href"].partition("#")[0])
        assert not [each for each in page.all("form") if "/reply" in each.attrs["action"]]
        assert page.one("article").one("div", class_="reply").one("form")


def test_waiting_needs_a_question_that_was_asked(lite, staff, browser):
    case_id, owner = in_progress(lite, staff)
    lite.wrote(case_id, "And now?")
    mine = browser(owner)
    page = mine.get(f"/console/cases/{case_id}?act=state&to=waiting_on_resident")
    page = mine.submit(form(page, "state"), status=409)
    assert "Ask the resident something first" in page.words


def test_a_resolved_case_is_opened_again(lite, staff, browser):
    case_id, owner = resolved(lite, staff)
    mine = browser(owner)
    page = mine.get(f"/console/cases/{case_id}?act=state&to=in_progress")
    assert form(page, "state").one("button").words == "Open it again"
    mine.submit(form(page, "state"))
    assert lite.case(case_id)["state"] == "in_progress"


def test_what_is_held_back_is_not_answered_before_it_is_released(lite, staff, browser):
    case_id = lite.told("noise", "1", "", quarantine="blank")
    laurel = browser(staff["laurel"])
    page = laurel.get(f"/console/cases/{case_id}")
    assert "Release it before you answer." in page.one("article").words
    assert "(nothing was written)" in page.one("ol", class_="thread").words
    laurel.post(f"/console/cases/{case_id}/reply", status=409, text="Hello", sequence="1")
    page = laurel.get(f"/console/cases/{case_id}?act=state&to=new")
    laurel.submit(form(page, "state"))
    assert lite.case(case_id)["state"] == "assigned"


def test_discarding_takes_two_people_and_says_so(lite, staff, browser):
    case_id = lite.told("noise", "1", "buy now", quarantine="spam")
    for login, state in (("laurel", "quarantined"), ("linden", "closed")):
        reader = browser(staff[login])
        page = reader.get(f"/console/cases/{case_id}?act=state&to=closed")
        found = form(page, "state")
        assert found.one("button").words == "Discard"
        assert "Two people must agree" in found.words
        reader.submit(found, reason="An advertisement.")
        assert "when two people have agreed" in notice(reader.follow())
        assert lite.case(case_id)["state"] == state
    page = browser(staff["laurel"]).get(f"/console/cases/{case_id}")
    assert "This case is closed." in page.one("article").words


def test_who_raises_a_case_out_of_her_sight_is_told_that_it_was_done(lite, staff, browser):
    case_id = lite.told("noise", "9")
    desk = browser(staff["sage"])
    page = desk.get(f"/console/cases/{case_id}?act=state&to=in_review&box=unassigned")
    desk.submit(form(page, "state"), reason="It is about a colleague.")
    page = desk.follow()
    assert page.response.request.full_path == "/console/?box=unassigned"
    assert notice(page) == "The case has moved on."
    assert lite.case(case_id)["queue"] == "oversight"
    desk.get(f"/console/cases/{case_id}", status=404)


def test_closing_what_nobody_resolved_needs_a_reason(lite, staff, browser):
    case_id = lite.told("force")
    laurel = browser(staff["laurel"])
    page = laurel.get(f"/console/cases/{case_id}?act=state&to=closed")
    assert "optional" not in form(page, "state").words
    page = laurel.submit(form(page, "state"), status=422)
    assert "Say why" in page.one("p", id="reason-error").words
    laurel.submit(form(page, "state"), reason="Told twice; the other case goes on.")
    assert lite.case(case_id)["state"] == "closed"


def test_a_step_the_table_lacks_is_refused(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    mine.get(f"/console/cases/{case_id}")
    for to in ("closed", "resolved"):
        mine.post(
            f"/console/cases/{case_id}/state", status=409, to=to, sequence="1", outcome="explained", sentence="x"
        )
    mine.post(f"/console/cases/{case_id}/state", status=422, to="nonsense", sequence="1")
    assert lite.names(case_id) == ["case.opened"]


def test_an_act_nobody_knows_is_no_page(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    mine.get(f"/console/cases/{case_id}?act=burn")
    mine.post(f"/console/cases/{case_id}/burn", status=404)
