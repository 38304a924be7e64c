"""The resident's pages in a real browser: accessible at every width, in both languages, without scripts."""

import re
import threading

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.accessibility import assert_accessible
from tests.browser.pages import PHONE
from tests.integration.intake.front_door import FrontDoor, prepare

pytestmark = pytest.mark.browser
RESIDENT_TARGET = 44


class Quiet(WSGIRequestHandler):
    def log(self, *_args):
        """Say nothing."""


@pytest.fixture
def served(sqlite_databases, tmp_path):
    """The front door on a port; (door, address)."""
    door = FrontDoor.open(sqlite_databases.prepared("intake", prepare), tmp_path, public_url="http://127.0.0.1")
    server = make_server("127.0.0.1", 0, door.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield door, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()
    door.close()


def answered(page):
    page.goto("/report")
    page.fill("#text", "Cars park on the crossing.\nEvery evening.")
    page.check("input[value=traffic]", force=True)
    page.select_option("#district", "22")
    page.check("input[value=anonymous]", force=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_every_page_is_accessible(served, pages, viewport, scheme, language):
    door, address = served
    page = pages.open(address, viewport=viewport, scheme=scheme, language=language)
    page.goto("/")
    assert_accessible(page, target=RESIDENT_TARGET)
    page.goto("/report")
    page.click("button[value=check]")
    assert page.locator(".error-summary").is_visible()
    assert_accessible(page, target=RESIDENT_TARGET)
    answered(page)
    assert_accessible(page, target=RESIDENT_TARGET)
    page.click("button[value=check]")
    assert_accessible(page, target=RESIDENT_TARGET)
    page.click("button[value=send]")
    assert_accessible(page, target=RESIDENT_TARGET)
    receipt = page.text_content(".receipt-spoken")
    page.goto("/track")
    page.fill("#receipt", "0000")
    page.click("button[value=open]")
    assert_accessible(page, target=RESIDENT_TARGET)
    page.fill("#receipt", receipt)
    page.click("button[value=open]")
    page.fill("#text", "Still so.")
    page.click("button[value=write]")
    page.click("summary >> nth=-1")
    assert_accessible(page, target=RESIDENT_TARGET)
    assert page.locator("html").get_attribute("lang") == language[:2]
    assert len(door.rows("submissions")) == 1


def test_without_scripts_a_concern_is_told_and_followed(served, pages):
    door, address = served
    page = pages.open(address, viewport=PHONE, scripts=False)
    answered(page)
    page.click("button[value=check]")
    page.click("button[value=send]")
    receipt = re.sub(r"\D", "", page.text_content(".receipt-spoken"))
    page.goto("/track")
    page.fill("#receipt", receipt)
    page.click("button[value=open]")
    assert page.locator(".said-text").all_text_contents() == ["Cars park on the crossing.\nEvery evening."]
    assert [row["channel"] for row in door.rows("submissions")] == ["web"]


def test_back_finds_what_was_typed(served, pages):
    _, address = served
    page = pages.open(address, viewport=PHONE)
    answered(page)
    page.click("button[value=check]")
    page.go_back()
    assert page.input_value("#text") == "Cars park on the crossing.\nEvery evening."
    assert page.is_checked("input[value=anonymous]")


def test_impatient_clicks_are_one_concern(served, pages):
    door, address = served
    page = pages.open(address)
    answered(page)
    page.click("button[value=check]")
    page.wait_for_selector("button[value=send]")
    page.evaluate("const b = document.querySelector('button[value=send]'); b.click(); b.click(); b.click();")
    page.wait_for_selector(".receipt")
    assert len(door.rows("submissions")) == 1


def test_words_of_two_tabs_stay_apart(served, pages):
    door, address = served
    receipts = [door.tell(text)["receipt"] for text in ("Maria's lamp", "José's music")]
    first = pages.open(address, viewport=PHONE)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto("/track")
    for tab, receipt in zip((first, second), receipts, strict=True):
        tab.fill("#receipt", receipt)
        tab.click("button[value=open]")
        tab.wait_for_selector(".said-text")
    first.fill("#text", "It is still dark")
    first.click("button[value=write]")
    first.wait_for_selector(".error-summary")
    assert first.input_value("#text") == "It is still dark"
    assert_accessible(first, target=RESIDENT_TARGET)
    first.fill("#receipt", receipts[0])
    first.click("button[value=open]")
    first.wait_for_selector(".said-text")
    first.click("button[value=write]")
    first.wait_for_selector(".said-text >> text=It is still dark")
    [event] = door.events("message.received")
    assert event["subject"] == door.events("feedback.received")[0]["subject"]
