"""The pages of those who answer for others: what they say is what the cases say, and every number opens them."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest

from services.routing.handlers import commands
from services.routing.reports import behind, response_times
from tests.integration.routing.acting import act, in_progress, owner_of, resolved


@pytest.fixture
def town(lite, staff):
    """Twelve concerns in two languages: seven answered after two hours, two of nine late, the rest overdue."""
    told = [
        lite.told("safety" if n % 2 else "noise", "1" if n < 8 else "2", language="es" if n < 5 else "en")
        for n in range(11)
    ]
    told.append(lite.told("traffic", "3", language="vi"))
    lite.later(hours=2)
    for case_id in told[:7]:
        act(lite, owner_of(lite, staff, case_id), commands.reply, case_id, "We look into it.")
    lite.later(hours=8)
    return told


def rows(page, caption):
    table = page.one("div", **{"aria-labelledby": f"{caption}-caption"})
    return {row.one("th").words: [cell.words for cell in row.all("td")] for row in table.one("tbody").all("tr")}


def test_the_first_sentence_counts_what_is_overdue(town, staff, browser):
    page = browser(staff["laurel"]).get("/supervisor/")
    lead = page.one("p", class_="lead").words
    assert lead.startswith("12 concerns were received")
    assert "2 are overdue and still open, and they count." in lead
    assert "true for " in page.one("header", class_="topbar").words


def test_the_four_figures(town, staff, browser):
    page = browser(staff["laurel"]).get("/supervisor/")
    figures = {
        each.one("span", class_="figure-label").words: each.one("a", class_="figure-value").words
        for each in page.all("li", class_="figure")
    }
    assert figures == {
        "Median first answer": "2 h",
        "Nine of ten answered within": "2 h",
        "Kept our promise": "77 %",  # 7 of 9: three are not due yet
        "Overdue and open": "2",
    }
    assert "7 of 9" in page.one("ul", class_="figures").words


def test_tables_fold_small_cells_and_say_so(town, staff, browser):
    page = browser(staff["laurel"]).get("/supervisor/")
    by_language = rows(page, "by-language")
    assert by_language["English"][0] == "6"
    # One Vietnamese case alone could be worked out from the total: the next smallest goes with it.
    assert by_language["2 others"] == ["6", "too few to show apart"]
    by_category = rows(page, "by-category")
    assert by_category["Noise"][0] == "6"
    assert by_category["2 others"] == ["6", "too few to show apart; overdue and open: 2"]


def test_every_number_opens_the_cases_it_counts(town, staff, browser):
    laurel = browser(staff["laurel"])
    page = laurel.get("/supervisor/")
    links = [each for each in page.one("main").all("a") if each.attrs["href"].startswith("/supervisor/cases")]
    counted = 0
    for link in links:
        opened = laurel.get(link.attrs["href"])
        cases = opened.one("tbody").all("a")
        if link.words.isdecimal():
            assert len(cases) == int(link.words), link.attrs["href"]
            counted += 1
        assert cases
    assert counted > 10


def test_a_case_behind_a_figure_opens_in_the_console(town, staff, browser):
    laurel = browser(staff["laurel"])
    row = laurel.get("/supervisor/cases?which=overdue").one("tbody").all("tr")[0]
    page = laurel.get(row.one("a").attrs["href"])
    assert page.one("title").text.startswith(row.one("a").words)


def test_a_case_closed_without_an_answer_is_late_only_once_the_promise_has_passed(lite, staff, browser):
    early, past, open_ = (lite.told("force") for _ in range(3))
    act(lite, staff["laurel"], commands.change_state, early, "closed", reason="Told twice")
    lite.later(days=30)
    act(lite, staff["laurel"], commands.change_state, past, "closed", reason="Told twice")
    fresh = lite.told("force")
    act(lite, staff["laurel"], commands.change_state, fresh, "closed", reason="Told twice")
    laurel = browser(staff["laurel"])

    def badges(which):
        rows = laurel.get(f"/supervisor/cases?from=2020-01-01&to=2099-12-31&which={which}").one("tbody").all("tr")
        return {row.one("a").words: row.one("span", class_="badge").words for row in rows}

    named = {case_id: lite.case(case_id)["reference"] for case_id in (early, past, open_, fresh)}
    late = badges("late")
    assert (late[named[early]], late[named[past]]) == ("Late", "Late")
    assert late[named[open_]].startswith("Overdue ")
    assert set(late) == {named[early], named[past], named[open_]}
    assert badges("all")[named[fresh]] == "Closed before it was due"


def test_a_cursor_tells_nothing_of_a_case_behind_the_wall(lite, staff, browser):
    walled = lite.told("force")
    sage = browser(staff["sage"])
    for case_id in (walled, uuid4()):
        sage.get(f"/supervisor/cases?cursor={case_id}", status=404)


def test_a_supervisor_counts_her_own_organisation_only(town, lite, staff, browser):
    lite.told("force", "1")
    assert browser(staff["sage"]).get("/supervisor/").one("p", class_="lead").words.startswith("12 concerns")
    assert browser(staff["laurel"]).get("/supervisor/").one("p", class_="lead").words.startswith("13 concerns")


def test_the_days_are_chosen(town, lite, staff, browser):
    laurel = browser(staff["laurel"])
    today = lite.routing.clock.now().astimezone(lite.routing.office.city.time_zone).date()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    page = laurel.get(f"/supervisor/?from={yesterday}&to={today}")
    assert "12 concerns" in page.one("p", class_="lead").words
    assert page.one("input", id="from").attrs["value"] == yesterday.isoformat()
    assert "Nothing was received" in laurel.get(f"/supervisor/?from={tomorrow}&to={tomorrow}").one("main").words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=x", "Write a day as"),
        ("to=2026-13-45", "Write a day as"),
        ("from=0001-01-01", "between 2000 and 2100"),
        ("to=9999-12-31", "between 2000 and 2100"),
        ("from=2026-11-20&to=2026-11-19", "comes after the last"),
    ],
)
def test_days_that_are_none_are_said(staff, browser, query, words):
    page = browser(staff["laurel"]).get(f"/supervisor/?{query}", status=422)
    assert words in page.one("div", class_="error-summary").words
    assert page.one("form", class_="filters").all("p", class_="field-error")


@pytest.mark.parametrize(
    "address",
    [
        "cases?which=nonsense", "cases?by=nonsense", "cases?by=owner&key=nobody", "cases?cursor=x",
        "cases?carrier=x", "cases?from=x", "response-times.csv",
        "response-times.csv?by=nonsense", "response-times.csv?by=team&to=x",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_no_page(staff, browser, address):
    browser(staff["laurel"]).get(f"/supervisor/{address}", status=404)


def test_the_same_table_as_a_file(town, staff, browser):
    laurel = browser(staff["laurel"])
    files = [each.attrs["href"] for each in laurel.get("/supervisor/").all("a", download="")]
    assert len(files) == 6
    answer = laurel.http.get(next(each for each in files if "by=category" in each))
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="response-times-by-category-')
    noise, others = csv.DictReader(io.StringIO(answer.text))
    assert (noise["key"], noise["name"], noise["count"], noise["open_overdue"]) == ("noise", "Noise", "6", "0")
    assert abs(float(noise["median_s"]) - 7200) < 60
    assert (others["key"], others["count"], others["median_s"], others["open_overdue"]) == ("", "6", "", "2")


def test_load_shows_who_carries_what_and_what_nobody_does(town, lite, staff, browser):
    lite.told("force", "1")
    laurel = browser(staff["laurel"])
    page = laurel.get("/supervisor/load")
    people = rows(page, "people")
    carried = {name: int(cells[1]) for name, cells in people.items()}
    truth = {}
    for case_id in town:
        name = owner_of(lite, staff, case_id).name
        truth[name] = truth.get(name, 0) + 1
    assert {name: count for name, count in carried.items() if count} == truth
    assert rows(page, "queues")["Fair Hearing review"] == ["Laurel", "1", "0"]
    assert page.one("p", class_="lead").words.startswith("13 cases are open: 12 with")
    for link in page.one("main").all("a"):
        assert len(laurel.get(link.attrs["href"]).one("tbody").all("a")) == int(link.words)


def test_what_is_about_to_breach_is_listed_the_most_urgent_first(town, staff, browser):
    page = browser(staff["sage"]).get("/supervisor/breach")
    assert page.one("p", class_="lead").words == "Overdue and open: 2. Due within a day: 0."
    late = page.one("div", **{"aria-labelledby": "late-caption"}).one("tbody").all("tr")
    assert len(late) == 2
    assert all("Overdue" in row.words for row in late)


def test_no_promise_in_danger_is_said(staff, browser):
    assert "Every promise is on time." in browser(staff["sage"]).get("/supervisor/breach").one("main").words


def test_the_cases_behind_agree_with_the_figures_on_both_databases(world):
    staff = world.staff()
    for n in range(6):
        world.told("noise" if n % 2 else "safety", None if n == 5 else "1", language="es" if n % 3 else "en")
    in_progress(world, staff)
    resolved(world, staff, district="2", category="traffic")
    world.later(hours=9)
    in_progress(world, staff, category="safety")
    with world.routing.reading(staff["laurel"]) as desk:
        for by in (None, "district", "category", "language", "channel", "team", "owner"):
            for line in response_times(desk, by=by):
                found = {
                    which: len(behind(desk, by=by, keys=[line.key], which=which).items)
                    for which in ("all", "answered", "kept", "late", "overdue")
                }
                assert found == {
                    "all": line.count, "answered": line.answered, "kept": line.kept,
                    "late": line.owed - line.kept, "overdue": line.open_overdue,
                }, (by, line.key)  # fmt: skip


def test_the_cases_behind_go_on_page_by_page(world):
    staff = world.staff()
    world.deliver(*(world.feedback() for _ in range(7)))
    with world.routing.reading(staff["laurel"]) as desk:
        first = behind(desk, limit=3)
        seen, page = list(first.items), first
        while page.next_cursor:
            page = behind(desk, cursor=page.next_cursor, limit=3)
            seen += page.items
    assert len(seen) == len({row.id for row in seen}) == 7
    assert [row.received_at for row in seen] == sorted((row.received_at for row in seen), reverse=True)
