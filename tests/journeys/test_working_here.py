"""Signing in and out, beginning to work here, and what those who answer for others read."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.xdist_group("installation")]


def test_signing_in_leads_to_where_one_wanted_and_signing_out_ends_it(installation, pages, staff):
    liaison = staff("police liaison")
    expect(liaison.page).to_have_url(f"{installation.url}/console/")
    cookies = liaison.page.context.cookies()
    liaison.sign_out()
    expect(liaison.page.get_by_label("Login")).to_be_visible()

    liaison.page.context.add_cookies(cookies)  # the old cookie opens nothing any more
    liaison.page.goto("/console/?box=team")
    expect(liaison.page).to_have_url(re.compile("/account/sign-in"))
    liaison.page.get_by_label("Login").fill(liaison.login)
    liaison.page.get_by_label("Password").fill(liaison.password)
    liaison.page.get_by_role("main").get_by_role("button").click()
    expect(liaison.page).to_have_url(f"{installation.url}/console/?box=team")


def test_a_wrong_password_opens_nothing_and_tells_nothing(staff):
    liaison = staff("police liaison")
    liaison.sign_out()
    for login in (liaison.login, "nobody.sample"):
        liaison.login = login
        liaison.sign_in("not the password at all")
        expect(liaison.page.get_by_role("alert")).to_contain_text("do not fit together")
    liaison.page.goto("/console/")
    expect(liaison.page).to_have_url(re.compile("/account/sign-in"))


def test_staff_sign_in_leaves_a_residents_session_alone(resident, staff):
    wren = resident()
    wren.tell("The lift hums all day")
    liaison = staff("police liaison")
    liaison.sign_out()
    wren.follow_up()


def test_supervisor_sees_the_numbers_and_the_cases_behind_them(resident, staff):
    resident().tell("Horns at the crossing every morning")
    liaison = staff("police liaison")
    liaison.opens("Horns at the crossing every morning")
    liaison.reply("We look into it.")

    supervisor = staff("supervisor")
    page = supervisor.page
    page.goto("/supervisor/")
    expect(page.get_by_role("heading", level=1)).to_have_text("How long did people wait?")
    expect(page.locator(".true-for")).to_have_text(re.compile(r"true for \d\d:\d\d"))
    lead = page.locator("p.lead")
    received = int(re.search(r"(\d+) concerns? w", lead.inner_text())[1])
    assert received >= 1
    expect(page.locator(".figure-value")).to_have_count(4)

    lead.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The cases behind a figure")
    expect(page.locator("tbody tr")).to_have_count(min(received, 50))
    page.locator("tbody").get_by_role("link").first.click()
    expect(page.locator("ol.thread")).to_be_visible()

    page.get_by_role("link", name="Load", exact=True).click()
    row = page.locator("tr", has_text="Linden")
    carried = int(row.locator(".bar-shown").inner_text())
    row.locator(".bar-shown").get_by_role("link").click()
    expect(page.locator("tbody tr")).to_have_count(carried)


def test_the_table_goes_home_as_a_file(staff):
    supervisor = staff("supervisor")
    supervisor.page.goto("/supervisor/")
    with supervisor.page.expect_download() as download:
        supervisor.page.get_by_role("link", name=re.compile("Download as CSV.*By language")).click()
    assert download.value.suggested_filename.startswith("response-times-by-language-")
    head = download.value.path().read_text().splitlines()[0]
    assert head.startswith("key,name,count,answered,median_s")


def test_somebody_begins_sets_a_password_and_leaves(staff, pages, installation):
    administrator = staff("administrator")
    page = administrator.page
    expect(page).to_have_url(f"{installation.url}/admin/")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Login").fill("maple.sample")
    page.get_by_label("Name", exact=True).fill("Maple Sample")
    page.get_by_label("Role").select_option("liaison")
    page.get_by_label("Team").select_option("old-town")
    page.get_by_role("button", name="Add and make a link").click()
    link = page.locator("#link code").inner_text()

    begins = pages.open()
    begins.goto(link)
    begins.get_by_label("Password", exact=True).fill("quiet harbours after rain")
    begins.get_by_label("The same again").fill("quiet harbours after rain")
    begins.get_by_role("main").get_by_role("button").click()
    expect(begins.locator(".whoami")).to_have_text("Maple Sample")
    begins.goto(f"{installation.url}/console/")
    expect(begins.get_by_text("Nothing waits for you.")).to_be_visible()

    page.goto("/admin/people/maple.sample")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("status")).to_contain_text("can no longer sign in")
    begins.goto(f"{installation.url}/console/")
    expect(begins).to_have_url(re.compile("/account/sign-in"))
