"""Every staff page passes axe, has large targets, does not scroll sideways: phone and desk, light and dark."""

import pytest

from tests.browser.accessibility import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.xdist_group("installation")]

PAGES = {
    "police liaison": ["/console/", "/console/?box=all&language=en", "/console/?box=team&q=ZZ", "/account/"],
    "supervisor": [
        "/supervisor/", "/supervisor/?from=never", "/supervisor/load", "/supervisor/breach", "/supervisor/cases",
    ],
    "administrator": [
        "/admin/", "/admin/people/new", "/admin/people/linden.mau", "/admin/places", "/console/",
        "/admin/rules/", "/admin/rules/versions/0", "/admin/rules/drafts/new",
    ],
}  # fmt: skip
ACTS = ["", "act=note", "act=contact", "act=assign", "act=recuse", "act=name", "act=state&to=resolved"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", PAGES)
def test_pages(staff, viewport, scheme, role):
    page = staff(role, viewport, scheme=scheme).page
    for address in PAGES[role]:
        page.goto(address)
        assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_case_with_every_act(resident, staff, viewport, scheme):
    title = f"Music from the {scheme} house, width {viewport['width']}"
    resident().tell(f"{title}. It goes on until four.")
    liaison = staff("police liaison", viewport, scheme=scheme)
    liaison.opens(title)
    liaison.reply("We pass by tonight.")
    address = liaison.page.url.partition("?")[0]
    for act in ACTS:
        liaison.page.goto(f"{address}?{act}")
        assert_accessible(liaison.page)
    liaison.page.goto(f"{address}#facts")
    assert_accessible(liaison.page)
