"""Acting in the console: what is done, what comes back when it is refused, and nothing typed is lost."""

from uuid import UUID

from services.routing.handlers import commands
from tests.integration.routing.acting import act, in_progress, other_than, owner_of, resolved

TYPED = "We pass by tonight.\nI answer you by Friday."


def form(page, act_):
    """The form in the box below the conversation, or the one beside it that takes the case."""
    (found,) = [each for each in page.all("form") if f"/{act_}" in each.attrs["action"]]
    return found


def notice(page):
    return page.one("div", class_="notice").words


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
    assert page.response.request.path == "/console/"
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
        "Step aside",
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
