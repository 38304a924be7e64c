"""Administrators add people, give them a link once, and let them go; never a case in sight."""

import re

from sqlalchemy import select

from services.routing.handlers.people import list_people
from services.routing.models import cases
from tests.integration.routing.acting import owner_of


def people(world):
    with world.routing.engine.connect() as conn:
        return {person.login: person for person in list_people(conn)}


def link_in(page):
    return page.one("div", id="link").one("code").words


NEW = {"login": "Maple", "name": "Maple Sample", "role": "liaison", "team": "harbour", "reports_to": "sage"}


def test_somebody_begins_and_sets_a_password_by_the_link(lite, staff, browser):
    admin = browser(staff["admin"])
    form = admin.get("/admin/people/new").one("form")
    page = admin.submit(form, status=200, **NEW, languages="en, es", badge="A-9")
    link = link_in(page)
    assert re.fullmatch(r"http://localhost:8000/account/password/[\w-]{20,}", link)
    added = people(lite)["maple"]
    assert (added.name, added.role, added.team, added.organisation) == (
        "Maple Sample",
        "liaison",
        "harbour",
        "police",
    )
    assert (added.reports_to, added.languages, added.badge) == ("sage", ("en", "es"), "A-9")

    begins = browser()
    page = begins.get(link.removeprefix("http://localhost:8000"))
    password = "quiet harbours after rain"
    begins.submit(page.one("form"), password=password, again=password)
    assert begins.follow().one("a", class_="whoami").words == "Maple Sample"
    assert not admin.get("/admin/people/maple").all("div", id="link")


def test_what_is_wrong_comes_back_beside_its_field(staff, browser):
    admin = browser(staff["admin"])
    form = admin.get("/admin/people/new").one("form")
    for wrong, field in (
        ({"login": "ash"}, "login"),
        ({"login": "no spaces please"}, "login"),
        ({"name": " "}, "name"),
        ({"role": "king"}, "role"),
        ({"team": "lantern-house"}, "team"),
        ({"languages": "en, klingonish!"}, "languages"),
        ({"unit": "x" * 300}, "unit"),
    ):
        page = admin.submit(form, status=422, **(NEW | wrong))
        assert page.one("p", id=f"{field}-error").words, wrong
        assert page.one("input", id="name").attrs["value"] == (NEW | wrong)["name"]


def test_whoever_leaves_is_out_at_once_and_their_cases_go_on(lite, staff, browser):
    case_id = lite.told("noise", "1")
    owner = owner_of(lite, staff, case_id)
    leaving, admin = browser(owner), browser(staff["admin"])
    leaving.get("/console/")
    admin.get(f"/admin/people/{owner.login}")
    admin.post(f"/admin/people/{owner.login}/disable")
    page = admin.follow()
    assert "1 case went to somebody else." in page.one("div", class_="notice").words
    leaving.get("/console/", status=303)
    with lite.routing.engine.connect() as conn:
        assert conn.scalar(select(cases.c.owner_id).where(cases.c.id == case_id)) != owner.id

    admin.post(f"/admin/people/{owner.login}/enable")
    assert "may sign in again" in admin.follow().one("div", class_="notice").words
    assert people(lite)[owner.login].active


def test_nobody_locks_the_house_from_inside(lite, staff, browser):
    admin = browser(staff["admin"])
    page = admin.get("/admin/people/admin")
    assert not page.all("section", **{"aria-labelledby": "leave"})
    page = admin.post("/admin/people/admin/disable", status=409)
    assert "You cannot disable yourself" in page.words
    assert people(lite)["admin"].active


def test_a_new_link_ends_the_one_before(lite, staff, browser):
    admin = browser(staff["admin"])
    admin.get("/admin/people/ash")
    links = [link_in(admin.post("/admin/people/ash/invite", status=200)) for _ in range(2)]
    assert links[0] != links[1]
    old, new = (link.removeprefix("http://localhost:8000") for link in links)
    browser().get(old, status=404)
    browser().get(new)


def test_somebody_who_left_gets_no_link(lite, staff, browser):
    admin = browser(staff["admin"])
    admin.get("/admin/")
    admin.post("/admin/people/ash/disable")
    page = admin.post("/admin/people/ash/invite", status=409)
    assert not page.all("div", id="link")


def test_nobody_by_that_name_is_no_page(staff, browser):
    admin = browser(staff["admin"])
    admin.get("/admin/people/nobody", status=404)
    admin.get("/admin/")
    for act in ("invite", "disable", "enable"):
        admin.post(f"/admin/people/nobody/{act}", status=404)


def test_the_list_and_the_places(lite, staff, browser):
    lite.told("noise", "1")
    admin = browser(staff["admin"])
    page = admin.get("/admin/")
    assert len(page.one("tbody").all("tr")) == len(staff)
    places = admin.get("/admin/places").one("main").words
    assert "Harbour liaisons" in places and "1, 3, 17" in places and "Ash, Birch" in places
    assert "Fair Hearing review" in places and "Laurel" in places
    assert "nobody: add somebody who may" in places  # the second partner's desk


def test_an_administrator_meets_no_case(lite, staff, browser):
    case_id = lite.told("noise", "1", "A story for somebody else")
    admin = browser(staff["admin"])
    for address in (f"/console/cases/{case_id}", "/console/", "/supervisor/", "/supervisor/cases", "/console/news"):
        admin.get(address, status=403)


def test_how_somebody_works_is_said_in_a_form_and_the_rules_heed_it(lite, staff, browser):
    admin = browser(staff["admin"])
    form = working(admin.get("/admin/people/ash"))
    said = {"skills": "mediation, youth", "shift": "Mo-Su 00:00-24:00", "cap": "0", "weight": "50"}
    admin.submit(form, **said, away="2026-12-24 2026-12-31")
    page = admin.follow()
    assert "It holds for what comes from now on." in page.one("div", class_="notice").words
    kept = working(page).fields()
    assert (kept["skills"], kept["away"], kept["cap"]) == ("mediation youth", "2026-12-24 2026-12-31", "0")
    assert lite.case(lite.told("noise", "1"))["owner_id"] == staff["birch"].id


def test_work_that_is_none_comes_back_beside_its_field(lite, staff, browser):
    admin = browser(staff["admin"])
    form = working(admin.get("/admin/people/ash"))
    for wrong, field in (
        ({"shift": "weekdays"}, "shift"),
        ({"skills": "Sp*ak"}, "skills"),
        ({"away": "tomorrow"}, "away"),
        ({"away": "2026-12-31 2026-12-24"}, "away"),
        ({"cap": "-1"}, "cap"),
        ({"cap": "99999"}, "cap"),
        ({"weight": "0"}, "weight"),
    ):
        page = admin.submit(form, status=422, **wrong)
        assert page.one("p", id=f"{field}-error").words, wrong
    admin.post("/admin/people/nobody/work", status=404)
    assert working(admin.get("/admin/people/ash")).fields()["weight"] == "100"


def working(page):
    (found,) = [each for each in page.all("form") if each.attrs["action"].endswith("/work")]
    return found
