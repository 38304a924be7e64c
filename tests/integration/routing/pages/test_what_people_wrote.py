"""Whatever people wrote comes out unchanged, stays words, and keeps its direction to itself."""

import unicodedata

import pytest

from services.routing.handlers import commands
from tests.integration.routing.acting import act, owner_of
from tests.real_data import naughty_strings

HOSTILE = [
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</textarea></title></p><h1>Over",
    "&lt;b&gt; &amp;amp;",
    "  two  spaces\n\n\tand a tab ",
    "\u202eevil\u202c \u2067rtl\u2069",
    "ضوضاء بعد منتصف الليل!",
    "e\u0301 and \u00e9",
    "Z\u0351\u036b\u0343\u036a\u0302algo" * 40,
]


@pytest.fixture(params=["our own", "the public list"])
def strings(request):
    """What is blank, or holds what no database keeps, is refused at the door."""
    found = HOSTILE if request.param == "our own" else naughty_strings()
    return [each for each in found if each.strip() and "\0" not in each]


def one_line_end(text):
    """Every way to end a line, as a page has it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_kept(text):
    """As commands keep it."""
    return one_line_end(unicodedata.normalize("NFC", text).strip())


def said(page, kind):
    return [each.one("p", class_="said-text") for each in page.all("li", class_=f"from-{kind}")]


def test_notes_come_out_as_they_were_written(lite, staff, browser, strings):
    case_id = lite.told("noise", "1")
    owner = owner_of(lite, staff, case_id)
    with lite.desk(owner) as desk:
        for text in strings:
            commands.note(desk, case_id, None, text)
    page = browser(owner).get(f"/console/cases/{case_id}")
    assert [each.text for each in said(page, "note")] == [as_kept(text) for text in strings]
    assert all(each.attrs["dir"] == "auto" for each in said(page, "note"))
    scripts = page.all("script")
    assert scripts and all(each.attrs["src"].startswith("/static/") and not each.text for each in scripts)


def test_replies_come_out_as_they_were_written(lite, staff, browser):
    case_id = lite.told("noise", "1")
    owner = owner_of(lite, staff, case_id)
    for text in HOSTILE:
        act(lite, owner, commands.reply, case_id, text)
    page = browser(owner).get(f"/console/cases/{case_id}")
    assert [each.text for each in said(page, "staff")] == [as_kept(text) for text in HOSTILE]


def test_stories_come_out_as_they_were_told(lite, staff, browser, strings):
    # Of many, every fifth is enough here: all of them go the same way as notes.
    written = strings if len(strings) == len(HOSTILE) else strings[::5]
    events = [lite.feedback("noise", "1", text) for text in written]
    lite.deliver(*events)
    sage = browser(staff["sage"])
    for event, text in zip(events, written, strict=True):
        page = sage.get(f"/console/cases/{event.subject}?box=waiting")
        (story,) = said(page, "resident")
        assert story.text == one_line_end(text)
        assert page.one("header", class_="case-head").one("h1").attrs["dir"] == "auto"
        assert page.one("title").text == f"{lite.case(event.subject)['reference']} – Common Ground"


def test_a_list_of_hostile_stories_is_a_list(lite, staff, browser):
    lite.deliver(*(lite.feedback("noise", "1", text) for text in HOSTILE))
    page = browser(staff["sage"]).get("/console/?box=all")
    assert len(page.all("li", class_="card")) == len(HOSTILE)
    assert all(each.attrs.get("src", "").startswith("/static/") for each in page.all("script"))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_refused_comes_back_as_it_was_typed(lite, staff, browser, text):
    case_id = lite.told("noise", "1")
    owner = browser(owner_of(lite, staff, case_id))
    owner.get(f"/console/cases/{case_id}")
    lite.wrote(case_id, "Meanwhile")
    page = owner.post(f"/console/cases/{case_id}/reply", status=412, sequence="1", text=text)
    (box,) = page.all("textarea", name="text")
    assert box.text.removeprefix("\n") == text


def test_addresses_of_places_and_names_are_only_words(lite, staff, browser):
    sealed = {"location": {"address": HOSTILE[0]}, "named_people": [{"name": HOSTILE[3], "badge": HOSTILE[1]}]}
    case_id = lite.told("noise", "1", sealed=sealed)
    owner = owner_of(lite, staff, case_id)
    facts = browser(owner).get(f"/console/cases/{case_id}").one("aside", id="facts")
    assert HOSTILE[0] in facts.text and HOSTILE[3] in facts.text
    assert not facts.all("script")


def test_filters_and_searches_are_only_words(staff, browser):
    sage = browser(staff["sage"])
    for text in HOSTILE:
        page = sage.get("/console/", query_string={"box": "all", "q": text, "category": text})
        assert page.one("input", name="q").attrs["value"] == text.strip()
