"""Rules in a browser: a table that fails first, then a version that another organisation approved."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.xdist_group("installation")]

# A word nobody writes: the rules of the other journeys stay what they are.
RULE = """
[[rule]]
code = "WORD"
when = { keywords = ["WORD"], guarded = false, wants_partner = false }
then = { team = "citywide" }

[[expect]]
given = { category = "noise", keywords = ["WORD"] }
team = "harbour"
"""


def test_a_rule_first_fails_its_table_and_is_then_approved_by_others(staff, viewport):
    writer = staff("administrator", viewport).page
    writer.goto("/admin/rules/")
    writer.get_by_role("link", name="Write new rules").click()
    assert_accessible(writer)
    box = writer.get_by_label("Rules and their table")
    lines = box.input_value().splitlines()
    name = f"Trial at {viewport['width']}"
    word = f"xyzzy-{viewport['width']}"
    box.fill("\n".join([lines[0], f'name = "{name}"', RULE.replace("WORD", word), *lines[2:]]))
    writer.get_by_role("button", name="Save and look it over").click()
    expect(writer.get_by_text("It cannot be published yet.")).to_be_visible()
    expect(writer.locator("#problems-caption")).to_be_visible()
    expect(writer.get_by_text(f"goes to team citywide by {word}, not to team harbour").first).to_be_visible()
    assert_accessible(writer)

    box = writer.get_by_label("Rules and their table")
    box.fill(box.input_value().replace('team = "harbour"', 'team = "citywide"'))
    writer.get_by_role("button", name="Save and look it over").click()
    expect(writer.get_by_text("Nothing speaks against it.")).to_be_visible()
    assert_accessible(writer)
    writer.get_by_role("button", name="Propose to the other organisations").click()
    address = writer.url

    approver = staff("oversight", viewport).page
    approver.goto(address)
    approver.get_by_role("button", name="Decide the past by this draft").click()
    for _ in range(60):
        if approver.locator("#loads-caption").count():
            break
        approver.wait_for_timeout(500)
        approver.goto(address)
    assert_accessible(approver)
    approver.get_by_role("button", name="Approve and publish").click()
    expect(approver.get_by_text("It became version")).to_be_visible()
    approver.goto("/admin/rules/")
    expect(approver.locator("p.lead")).to_contain_text(f"“{name}” hold now")
    assert_accessible(approver)
