"""Clocks in the console: calls are logged, what runs and what warns is shown where the case is open."""

from services.routing.handlers import commands
from tests.integration.routing.acting import act, in_progress, owner_of
from tests.integration.routing.pages.forms import form, notice
from tests.integration.routing.test_deliveries import changed


def facts(page):
    return page.one("aside", id="facts").words


def test_a_missed_call_is_logged_and_answers_nobody(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    page = mine.get(f"/console/cases/{case_id}?act=contact")
    mine.submit(form(page, "contact"), way="call", outcome="missed", text="No answer, tried twice.")
    page = mine.follow()
    assert notice(page) == "It is logged."
    thread = page.one("ol", class_="thread").words
    assert "Call by you: missed, which is no answer" in thread
    assert "No answer, tried twice." in thread
    assert lite.case(case_id)["first_responded_at"] is None


def test_a_visit_that_reached_them_is_an_answer(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    mine.submit(form(mine.get(f"/console/cases/{case_id}?act=contact"), "contact"), way="visit", outcome="reached")
    assert "Visit by you: reached" in mine.follow().one("ol", class_="thread").words
    assert lite.case(case_id)["first_responded_at"] is not None


def test_a_contact_without_an_outcome_comes_back(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    page = mine.get(f"/console/cases/{case_id}?act=contact")
    page = mine.submit(form(page, "contact"), status=422, way="call", outcome="", text="Kept.")
    assert "Say whether it did" in page.one("p", id="outcome-error").words
    assert form(page, "contact").fields()["text"] == "Kept."


def test_every_clock_that_runs_is_shown_with_its_warning(lite, staff, browser):
    case_id = lite.told("safety")
    owner = owner_of(lite, staff, case_id)
    shown = facts(browser(owner).get(f"/console/cases/{case_id}"))
    for label in ("First answer", "Outcome", "Taking it up (", "Warning"):
        assert label in shown
    lite.later(hours=7)
    shown = facts(browser(owner).get(f"/console/cases/{case_id}"))
    assert "given: due soon" in shown
    assert "First answer: due soon" in shown


def test_the_ladder_is_told_in_the_history(lite, staff, browser):
    case_id = lite.told("safety")
    owner = owner_of(lite, staff, case_id)
    lite.later(hours=9)
    assert "First answer overdue, told: you" in facts(browser(owner).get(f"/console/cases/{case_id}"))


def test_a_clock_that_stands_still_says_so(lite, staff, browser):
    case_id, owner = in_progress(lite, staff)
    act(lite, owner, commands.change_state, case_id, "waiting_on_resident")
    assert "stands still since" in facts(browser(owner).get(f"/console/cases/{case_id}"))


def test_an_answer_that_did_not_arrive_is_told_between(lite, staff, browser):
    case_id, owner = in_progress(lite, staff, contact_by="sms")
    reply = next(data for name, data in lite.published(case_id) if name == "reply.written")
    lite.deliver(changed(lite, case_id, reply["message_id"], "undelivered", "landline"))
    page = browser(owner).get(f"/console/cases/{case_id}")
    assert "An answer did not arrive: it counts as not given" in page.one("ol", class_="thread").words
    assert "First answer" in facts(page)
