"""Oversight sees who never sees a case and who had looked, decides, and signs the chart; nobody else does."""

from services.routing.handlers import commands
from tests.integration.routing.acting import act, opened, owner_of
from tests.integration.routing.pages.forms import form as form_of
from tests.integration.routing.walls.town import excluded, town


def forms(page, ending):
    return [each for each in page.all("form") if each.attrs.get("action", "").endswith(ending)]


def test_naming_somebody_who_has_it_open_shuts_their_page_and_tells_oversight(lite, app, browser):
    staff = town(lite)
    case_id = lite.told("noise", "1")
    act(lite, owner_of(lite, staff, case_id), commands.reply, case_id, "On my way")
    address = f"/console/cases/{case_id}"
    named, sergeant, laurel = browser(staff["vance"]), browser(staff["sergeant"]), browser(staff["laurel"])
    named.get(address)
    sergeant.get(f"{address}?act=name")
    sergeant.submit(form_of(sergeant.page, "name"), name="Jordan Vance", relation="about")
    assert "Whoever is meant does not see this case any more" in sergeant.follow().one("div", class_="notice").words
    for shut in (named, sergeant):
        shut.get(address, status=404)
        shut.get(f"{address}/walls", status=403)
    assert str(case_id) not in named.get("/console/?box=all").response.text
    page = laurel.get(f"{address}/walls")
    closed = page.one("section", **{"aria-labelledby": "closed"}).words
    assert "Jordan Vance: is named" in closed
    assert closed.count("Had looked at it") == 2
    assert "Captain: is above somebody named" in closed
    assert "Never looked at it" in closed
    assert "Jordan Vance: once" in page.one("section", **{"aria-labelledby": "looked"}).words
    assert f"{address}/walls" in [each.attrs["href"] for each in laurel.get(address).all("a")]


def test_somebody_named_by_mistake_is_lifted_in_two_clicks(lite, app, browser):
    staff = town(lite)
    case_id = lite.told(text="the poster said kim tide")
    laurel = browser(staff["laurel"])
    page = laurel.get(f"/console/cases/{case_id}/walls")
    assert "found in the text" in page.words
    laurel.submit(forms(page, "/confirm")[0])
    page = laurel.follow()
    assert not forms(page, "/confirm")
    laurel.submit(forms(page, "/lift")[0])
    assert "Not meant" in laurel.follow().words
    assert excluded(lite, case_id) == {}


def test_two_of_oversight_let_somebody_in_again(lite, app, browser):
    staff = town(lite)
    case_id = lite.told("force", text="it was jordan vance")
    laurel, linden, audit = (browser(staff[login]) for login in ("laurel", "linden", "audit"))
    address = f"/console/cases/{case_id}/walls"
    page = laurel.get(address)
    captain = next(each for each in forms(page, "/readmit") if each.fields()["which"] == str(staff["captain"].id))
    laurel.submit(captain, status=422, reason=" ")
    laurel.submit(captain, reason="The captain only signs the roster.")
    assert not forms(laurel.follow(), "/agree")
    seen = audit.get(address)
    assert "The captain only signs the roster." in seen.words
    assert not forms(seen, "/agree")
    audit.post(f"{address}/agree", status=403, which=str(staff["captain"].id))
    laurel.post(f"{address}/agree", status=409, which=str(staff["captain"].id))
    laurel.post(f"{address}/agree", status=404, which="nobody")
    linden.submit(forms(linden.get(address), "/agree")[0])
    assert "Agreed by Linden" in linden.follow().words
    assert "captain" not in excluded(lite, case_id)
    opened(lite, staff["laurel"], case_id)


def test_a_change_of_the_chart_is_proposed_by_one_and_signed_by_another(lite, app, browser):
    staff = town(lite)
    case_id = lite.told("force", text="it was jordan vance")
    admin, laurel = browser(staff["admin"]), browser(staff["laurel"])
    page = admin.get("/admin/people/orchard")
    admin.submit(forms(page, "/post")[0], status=409)
    admin.submit(forms(page, "/post")[0], unit="Harbour district desk", reports_to="sergeant")
    assert "once somebody of oversight has signed it" in admin.follow().one("div", class_="notice").words
    admin.get("/console/chart", status=403)
    page = laurel.get("/console/chart")
    assert "Harbour district desk, reports to Robin Shoal" in page.words
    laurel.submit(forms(page, "/sign")[0])
    assert "Nothing waits for a signature" in laurel.follow().words
    assert excluded(lite, case_id)["orchard"] == "unit"
    admin.submit(forms(admin.get("/admin/people/orchard"), "/post")[0], unit="", reports_to="")
    laurel.submit(forms(laurel.get("/console/chart"), "/refuse")[0])
    assert "Harbour district desk" in admin.get("/admin/people/orchard").words


def test_another_name_is_noted_and_found(lite, app, browser):
    staff = town(lite)
    admin = browser(staff["admin"])
    admin.submit(forms(admin.get("/admin/people/vance"), "/aliases")[0], alias="Stone Face")
    assert "vance" in excluded(lite, lite.told(text="STONE FACE shouted at us"))
    admin.submit(forms(admin.get("/admin/people/vance"), "/aliases")[0], status=409, alias=" ")


def test_the_owner_reads_why_without_loads_or_whoever_was_left_out(lite, app, browser):
    staff = town(lite)
    case_id = lite.told("noise", "1")
    owner = owner_of(lite, staff, case_id)
    page = browser(owner).get(f"/console/cases/{case_id}")
    assert "could take it" in page.words
    assert "0 open" not in page.words
    assert "could take it, 0 open" in browser(staff["laurel"]).get(f"/console/cases/{case_id}").words
