"""What an open list asks for: whether the server would show something else now."""

from services.routing.handlers import commands
from tests.integration.routing.acting import act, owner_of


def test_a_new_case_and_a_changed_one_are_told(lite, staff, browser):
    first = lite.told("noise", "1")
    sage = browser(staff["sage"])
    page = sage.get("/console/?box=all")
    asked = page.one("div", class_="news").attrs["data-news"]
    seen = sage.http.get(asked)
    assert seen.json["cases"] == {str(first): 1}
    assert sage.http.get(asked, headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304

    second = lite.told("traffic", "1")
    act(lite, owner_of(lite, staff, first), commands.note, first, "Look")
    now = sage.http.get(asked, headers={"If-None-Match": seen.headers["ETag"]})
    assert now.json["cases"] == {str(first): 2, str(second): 1}
    assert now.json["boxes"] == [0, 2, 0, 0, 0, 2]


def test_it_holds_no_words_and_nothing_out_of_sight(lite, staff, browser):
    lite.told("force", "1", "He hit me")
    found = browser(staff["ash"]).http.get("/console/news?box=all")
    assert found.json == {"boxes": [0, 0, 0, 0, 0, 0], "cases": {}}
    assert "hit" not in browser(staff["laurel"]).http.get("/console/news?box=all").text


def test_it_asks_with_the_filters_of_the_list(lite, staff, browser):
    lite.told("noise", "1")
    wanted = lite.told("traffic", "1")
    sage = browser(staff["sage"])
    asked = sage.get("/console/?box=all&category=traffic").one("div", class_="news").attrs["data-news"]
    assert list(sage.http.get(asked).json["cases"]) == [str(wanted)]


def test_a_later_page_of_a_list_does_not_ask(lite, staff, browser):
    lite.deliver(*(lite.feedback("noise", "1") for _ in range(41)))
    sage = browser(staff["sage"])
    older = sage.get("/console/?box=all").one("a", rel="next").attrs["href"]
    assert sage.get(older).one("div", class_="news").attrs["data-news"] == ""
