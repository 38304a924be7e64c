"""Reading in the console: boxes, lists, filters, the conversation, what only staff may see."""

import base64

from sqlalchemy import update

from services.routing.handlers import commands
from services.routing.handlers.people import set_available
from services.routing.models import messages
from services.routing.queries.excerpts import excerpts
from tests.integration.routing.acting import act, in_progress, owner_of, resolved

STORY = "The bar plays music until four. My children cannot sleep."


def cards(page):
    return page.all("li", class_="card")


def boxes(page):
    return {
        link.all("span")[0].words: link.all("span", class_="count")[0].words
        for link in page.one("div", class_="boxes").all("a")
    }


def test_a_card_says_who_waits_until_when_and_how_it_came(lite, staff, browser):
    case_id = lite.told("noise", "1", STORY, channel="sms", language="es")
    page = browser(owner_of(lite, staff, case_id)).get("/console/")
    (card,) = cards(page)
    row = lite.case(case_id)
    assert card.one("h2").words == "The bar plays music until four"
    assert card.one("p", class_="card-excerpt").words == "My children cannot sleep."
    facts = card.one("p", class_="card-facts").words
    for fact in ("Text", "Spanish", "Noise", row["reference"]):
        assert fact in facts
    assert card.one("span", class_="due").words.startswith("Due ")
    assert card.one("a").attrs["href"].startswith(f"/console/cases/{case_id}")


def test_boxes_count_what_they_hold(lite, staff, browser):
    mine, owner = in_progress(lite, staff)
    act(lite, owner, commands.change_state, mine, "waiting_on_resident")
    lite.told("noise", "1")
    lite.told("noise", "1")
    page = browser(staff["sage"]).get("/console/?box=all")
    assert boxes(page) == {
        "Mine": "0", "Whole organisation": "3", "Unassigned": "0", "Waiting on resident": "1", "Due soon": "0",
        "All": "3",
    }  # fmt: skip
    for box in ("waiting", "all"):
        shown = browser(staff["sage"]).get(f"/console/?box={box}")
        current = shown.one("div", class_="boxes").one("a", **{"aria-current": "page"})
        assert current.one("span", class_="count").words == str(len(cards(shown)))


def test_an_empty_box_teaches(staff, browser):
    assert "Nothing waits for you." in browser(staff["ash"]).get("/console/").one("section", class_="list").words


def test_filters_narrow_and_stay(lite, staff, browser):
    lite.told("noise", "1", "Loud again", language="es")
    wanted = lite.told("traffic", "3", "Blocked crossing")
    sage = browser(staff["sage"])
    page = sage.get("/console/?box=all&category=traffic&district=3&language=en&channel=web&state=assigned")
    assert [card.one("h2").words for card in cards(page)] == ["Blocked crossing"]
    assert "Traffic and parking" in page.one("p", class_="list-narrowed").words
    chosen = page.one("select", name="category").one("option", selected="")
    assert chosen.attrs["value"] == "traffic"
    assert "category=traffic" in cards(page)[0].one("a").attrs["href"]
    beside = sage.get(cards(page)[0].one("a").attrs["href"])
    assert [card.one("a").attrs["href"].partition("?")[0] for card in cards(beside)] == [f"/console/cases/{wanted}"]


def test_a_reference_is_found_by_its_beginning(lite, staff, browser):
    wanted, _other = lite.told(), lite.told()
    reference = lite.case(wanted)["reference"]
    page = browser(staff["sage"]).get("/console/", query_string={"box": "all", "q": f" {reference[:6].lower()} "})
    assert f"/console/cases/{wanted}" in [card.one("a").attrs["href"].partition("?")[0] for card in cards(page)]
    assert not cards(browser(staff["sage"]).get("/console/?box=all&q=ZZ"))


def test_a_long_box_goes_on_page_by_page(lite, staff, browser):
    lite.deliver(*(lite.feedback("noise", "1", f"Concern number {n} of many") for n in range(43)))
    sage = browser(staff["sage"])
    first = sage.get("/console/?box=all")
    second = sage.get(first.one("a", rel="next").attrs["href"])
    titles = [card.one("h2").words for page in (first, second) for card in cards(page)]
    assert len(titles) == len(set(titles)) == 43
    assert second.one("a", rel="prev").attrs["href"] == "/console/?box=all"


def test_a_cursor_of_nowhere_is_no_page(staff, browser):
    for made_up in (
        "xyz",
        base64.urlsafe_b64encode(b'["all","0001-01-01T00:00:00+14:00","' + b"0" * 32 + b'"]').decode(),
    ):
        browser(staff["sage"]).get(f"/console/?box=all&cursor={made_up.rstrip('=')}", status=404)


def test_an_unknown_box_is_the_first(staff, browser):
    page = browser(staff["ash"]).get("/console/?box=nonsense")
    assert page.one("div", class_="boxes").one("a", **{"aria-current": "page"}).all("span")[0].words == "Mine"


def test_the_conversation_tells_who_said_what(lite, staff, browser):
    case_id, owner = in_progress(lite, staff, text=STORY, language="es")
    act(lite, owner, commands.note, case_id, "Use “usted”.")
    lite.wrote(case_id, "Gracias.")
    page = browser(owner).get(f"/console/cases/{case_id}")
    said = page.one("ol", class_="thread").all("li")
    kinds = [each.attrs["class"].split()[1] for each in said]
    assert kinds == ["from-resident", "from-system", "from-staff", "from-note", "from-resident"]
    assert "Note to staff" in said[3].words
    assert said[2].words.startswith("You ·")
    assert said[0].one("p", class_="said-text").attrs == {"class": "said-text", "dir": "auto", "lang": "es"}
    assert said[0].one("p", class_="said-text").text == STORY


def test_nobody_reads_who_the_resident_is(lite, staff, browser):
    contact = {"name": "Quillon Invented", "phone": "+12155550123", "email": "quillon@example.org"}
    case_id = lite.told(contact_by="sms", sealed={"contact": contact})
    for actor in (owner_of(lite, staff, case_id), staff["sage"], staff["laurel"], staff["audit"]):
        html = browser(actor).get(f"/console/cases/{case_id}").response.text
        for secret in ("Quillon", "5550123", "quillon@"):
            assert secret not in html
        assert "Resident “" in html


def test_the_facts_name_clock_place_owner_and_reason(lite, staff, browser):
    told = {"location": {"address": "Bus stop, Alder and 5th"}, "occurred_at": "2026-11-20"}
    case_id, owner = in_progress(lite, staff, about="my_child", sealed=told)
    facts = browser(owner).get(f"/console/cases/{case_id}").one("aside", id="facts").words
    for fact in (
        "First answer", "kept", "Bus stop, Alder and 5th", "District 1, Saltmarsh", "writer's child",
        "Friday, November 20, 2026", "has the least open work", "reply by you",
    ):  # fmt: skip
        assert fact in facts


def test_a_broken_promise_is_said_first(lite, staff, browser):
    case_id = lite.told("safety", "1")
    lite.later(hours=10)
    page = browser(owner_of(lite, staff, case_id)).get(f"/console/cases/{case_id}?box=mine")
    assert page.one("header", class_="case-head").one("span", class_="overdue").words == "Overdue 2 h"
    assert cards(page)[0].one("span", class_="overdue").words == "Overdue 2 h"
    assert page.one("aside", id="facts").all("div", class_="overdue")


def test_only_oversight_and_auditors_see_who_was_left_out_and_who_looked(lite, staff, browser):
    with lite.routing.outbox.transaction() as tx:
        set_available(tx, "birch", False)
    case_id = lite.told("noise", "1")
    liaison = browser(staff["ash"]).get(f"/console/cases/{case_id}").one("aside", id="facts").words
    assert "Birch" not in liaison
    assert "Who has looked" not in liaison
    auditor = browser(staff["audit"]).get(f"/console/cases/{case_id}").one("aside", id="facts").words
    assert "Birch: is away" in auditor
    assert "Who has looked" in auditor and "Ash" in auditor


def test_how_a_reply_fared_stands_beside_it(lite, staff, browser):
    case_id, owner = in_progress(lite, staff, contact_by="sms")
    expected = {
        (None, None): "on its way",
        ("accepted", None): "sent by text",
        ("delivered", None): "delivered by text",
        ("unknown", "no_answer"): "unknown: we do not know whether it arrived; it is not sent again",
        ("held", "not_configured"): "held back: no provider is set up yet",
        ("undelivered", "landline"): "It did not arrive: this number takes no texts.",
        ("failed", "something_new"): "It did not arrive: the provider did not take it.",
    }
    for (status, failure), words in expected.items():
        with lite.routing.engine.begin() as conn:
            told = messages.c.kind == "reply"
            conn.execute(update(messages).where(told).values(delivery=status, failure=failure, channel="sms"))
        page = browser(owner).get(f"/console/cases/{case_id}")
        reply = page.one("li", class_="from-staff")
        assert words in reply.words
        assert ("failed" in reply.attrs["class"]) == (status in ("undelivered", "failed"))


def test_a_reply_that_is_not_sent_is_read_with_the_receipt(lite, staff, browser):
    case_id, owner = in_progress(lite, staff, contact_by="none")
    assert (
        "to be read with the receipt"
        in browser(owner).get(f"/console/cases/{case_id}").one("li", class_="from-staff").words
    )


def test_an_auditor_reads_and_changes_nothing(lite, staff, browser):
    case_id = lite.told("noise", "1")
    page = browser(staff["audit"]).get(f"/console/cases/{case_id}")
    assert not page.one("article").all("form")
    assert not page.one("aside", id="facts").all("a", class_="way")
    assert "change nothing" in page.one("div", class_="reply").words


def test_a_closed_story_tells_what_came_of_it(lite, staff, browser):
    case_id, owner = resolved(lite, staff)
    page = browser(owner).get(f"/console/cases/{case_id}")
    assert "It is permitted." in page.one("ol", class_="thread").words
    assert "answered: explained" in page.one("aside", id="facts").words
    assert page.one("header", class_="case-head").one("span", class_="answered")


def test_opening_a_case_is_logged_and_looking_at_the_list_is_not(lite, staff, browser):
    case_id = lite.told("noise", "1")
    sage = browser(staff["sage"])
    sage.get("/console/?box=all")
    auditor = browser(staff["audit"])
    assert "Sage" not in auditor.get(f"/console/cases/{case_id}").one("aside", id="facts").words
    sage.get(f"/console/cases/{case_id}")
    assert "Sage" in auditor.get(f"/console/cases/{case_id}").one("aside", id="facts").words


def test_first_words_are_told_only_of_cases_within_sight(lite, staff):
    seen, hidden = lite.told("noise", "1", STORY), lite.told("force", "1", STORY)
    for login, ids in (("sage", {seen}), ("laurel", {seen, hidden})):
        with lite.routing.reading(staff[login]) as desk:
            assert excerpts(desk, [seen, hidden], length=7) == dict.fromkeys(ids, "The bar")


def test_the_console_speaks_its_readers_language(lite, staff, browser):
    case_id = lite.told()
    mine = browser(owner_of(lite, staff, case_id))
    page = mine.get(f"/console/cases/{case_id}", headers={"Accept-Language": "es"})
    assert page.one("html").attrs["lang"] == "es"
    assert page.one("nav", **{"aria-label": "Bandejas"}).words.startswith("Míos")
    assert "Enviar la respuesta" in page.one("article").words
