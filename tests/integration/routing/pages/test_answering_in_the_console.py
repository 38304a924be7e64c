"""Writing in the console: replies and notes, what comes back when it is refused; nothing typed is lost."""

from urllib.parse import parse_qs, urlsplit

from services.routing.handlers import commands
from tests.integration.routing.acting import act, owner_of
from tests.integration.routing.pages.forms import form, notice

TYPED = "We pass by tonight.\nI answer you by Friday."


def test_a_reply_is_written_and_said_so_once(lite, staff, browser):
    case_id = lite.told()
    owner = browser(owner_of(lite, staff, case_id))
    page = owner.get(f"/console/cases/{case_id}?box=mine&language=en")
    owner.submit(form(page, "reply"), text=TYPED.replace("\n", "\r\n"))
    page = owner.follow()
    assert notice(page) == "Your reply is on its way."
    assert page.one("li", class_="from-staff").one("p", class_="said-text").text == TYPED
    assert lite.names(case_id) == ["case.opened", "reply.written", "state.changed"]
    assert lite.case(case_id)["state"] == "in_progress"
    assert "language=en" in form(page, "reply").attrs["action"]
    assert not owner.get(f"/console/cases/{case_id}").all("div", class_="notice")


def arrived(page):
    return [each.attrs["data-sent"] for each in page.all("span") if "data-sent" in each.attrs]


def test_a_browser_is_told_which_draft_has_arrived_and_only_then(lite, staff, browser):
    case_id = lite.told()
    owner = browser(owner_of(lite, staff, case_id))
    page = owner.get(f"/console/cases/{case_id}?act=note")
    assert arrived(page) == []
    page = owner.submit(form(page, "note"), status=422, text=" ")
    assert arrived(page) == []
    kept = form(page, "note").one("textarea").attrs["data-keep-draft"]
    owner.submit(form(page, "note"), text="Called.")
    assert arrived(owner.follow()) == [kept] == [f"note {case_id}"]


def test_who_has_to_sign_in_first_comes_back_to_the_box_she_wrote_in(lite, staff, browser):
    case_id = lite.told()
    owner = browser(owner_of(lite, staff, case_id))
    page = owner.get(f"/console/cases/{case_id}?act=note&box=mine&language=en")
    stranger = browser()
    stranger.post(form(page, "note").attrs["action"], token=False, text="Called.")
    (back,) = parse_qs(urlsplit(stranger.page.response.headers["Location"]).query)["next"]
    query = parse_qs(urlsplit(back).query)
    assert urlsplit(back).path == f"/console/cases/{case_id}"
    assert query == {"act": ["note"], "box": ["mine"], "language": ["en"]}
    assert form(owner.get(back), "note")
    assert lite.names(case_id) == ["case.opened"]


def test_a_blank_reply_comes_back_with_what_to_do(lite, staff, browser):
    case_id = lite.told()
    owner = browser(owner_of(lite, staff, case_id))
    page = owner.submit(form(owner.get(f"/console/cases/{case_id}"), "reply"), status=422, text=" \n ")
    assert "Write something." in page.one("p", id="text-error").words
    assert lite.names(case_id) == ["case.opened"]


def test_a_stale_reply_is_refused_until_confirmed(lite, staff, browser):
    case_id = lite.told()
    owner = owner_of(lite, staff, case_id)
    mine = browser(owner)
    open_page = mine.get(f"/console/cases/{case_id}")
    lite.wrote(case_id, "It stopped by itself.")
    act(lite, staff["sage"], commands.note, case_id, "I called the owner of the bar.")

    page = mine.submit(form(open_page, "reply"), status=412, text=TYPED)
    assert lite.names(case_id) == ["case.opened", "message.recorded", "note.added"]
    again = form(page, "reply")
    assert again.fields()["text"] == TYPED
    told = again.one("div", class_="notice").words
    assert "changed while you were writing" in told
    assert "the resident wrote" in told and "note by" in told
    assert "received" not in told
    assert again.one("button").words == "Send it anyway"
    assert "It stopped by itself." in page.one("ol", class_="thread").words
    assert len(page.all(role="alert")) == 1

    mine.submit(again)
    assert lite.names(case_id)[3:] == ["reply.written", "state.changed"]


def test_a_confirmation_is_stale_again_when_something_else_happens(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    open_page = mine.get(f"/console/cases/{case_id}")
    lite.wrote(case_id, "First")
    again = form(mine.submit(form(open_page, "reply"), status=412, text=TYPED), "reply")
    lite.wrote(case_id, "Second")
    mine.submit(again, status=412)


def test_a_form_without_its_sequence_is_stale(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    mine.get(f"/console/cases/{case_id}")
    for sequence in ("", "x", "9" * 30, "-1", "٣"):
        mine.post(f"/console/cases/{case_id}/reply", status=412, text="Hello", sequence=sequence)
    assert lite.names(case_id) == ["case.opened"]


def test_a_note_stays_among_staff(lite, staff, browser):
    case_id = lite.told()
    owner = browser(owner_of(lite, staff, case_id))
    page = owner.get(f"/console/cases/{case_id}?act=note")
    assert "note" in page.one("article").one("div", class_="reply").attrs["class"].split()
    owner.submit(form(page, "note"), text="Ask the night shift.")
    assert notice(owner.follow()) == "Your note is kept. Only staff can read it."
    assert lite.names(case_id) == ["case.opened", "note.added"]
    assert lite.case(case_id)["first_responded_at"] is None
