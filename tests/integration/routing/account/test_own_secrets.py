"""One's own passwords, links and tokens: as a person with a browser meets them."""

import re

import pytest

from services.routing.handlers import people
from tests.integration.routing.account.browser import Browser
from tests.integration.routing.world import PASSWORD


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(app, browser):
    browser.sign_in("ash", PASSWORD)
    other = Browser.on(app)
    other.sign_in("ash", PASSWORD)
    change = {"token_from": "/account/", "password": "a river of small stones", "again": "a river of small stones"}
    assert "not your password now" in browser.send("/account/password", current="wrong", **change).text
    same = change | {"again": "something else"}
    assert "not the same" in browser.send("/account/password", current=PASSWORD, **same).text
    assert other.get("/account/").status_code == 200
    assert browser.send("/account/password", current=PASSWORD, **change).status_code == 303
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 303
    assert Browser.on(app).sign_in("ash", "a river of small stones").status_code == 303


def test_a_link_sets_a_password_once(lite, app, ash):
    with lite.routing.outbox.transaction() as tx:
        old = people.invite(tx, lite.routing.office, "birch")
        secret = people.invite(tx, lite.routing.office, "birch")
    assert Browser.on(app).get(f"/account/password/{old}").status_code == 404
    browser = Browser.on(app)
    weak = browser.send(f"/account/password/{secret}", password="short", again="short")
    assert (weak.status_code, "at least 12" in weak.text) == (422, True)
    words = "a lamp in every window"
    entered = browser.send(f"/account/password/{secret}", password=words, again=words)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/console/")
    assert "Birch" in browser.get("/account/").text
    assert Browser.on(app).get(f"/account/password/{secret}").status_code == 404
    assert Browser.on(app).sign_in("birch", words).status_code == 303


def test_a_link_ends_after_three_days(lite, app, ash):
    with lite.routing.outbox.transaction() as tx:
        secret = people.invite(tx, lite.routing.office, "birch")
    lite.later(days=3, minutes=1)
    assert Browser.on(app).get(f"/account/password/{secret}").status_code == 404


def test_tokens_are_shown_once_and_revoked_by_their_owner(app, browser):
    browser.sign_in("ash", PASSWORD)
    issued = browser.send("/account/tokens", token_from="/account/", label="Wall display", days="7")
    token = re.search(r"cg_[\w-]{40,}", issued.text)[0]
    program = app.test_client(use_cookies=False)
    asked = {"headers": {"Authorization": f"Bearer {token}"}}
    assert program.get("/api/staff/v1/me", **asked).json["login"] == "ash"
    page = browser.get("/account/").text
    assert token not in page
    assert "Wall display" in page
    token_id = re.search(r"/account/tokens/([0-9a-f-]{36})/revoke", page)[1]
    browser.send(f"/account/tokens/{token_id}/revoke", token_from="/account/")
    assert program.get("/api/staff/v1/me", **asked).status_code == 401


@pytest.mark.parametrize("days", ["", "0", "367", "many", "-1", "١٢"])
def test_a_token_lives_a_number_of_days(browser, days):
    browser.sign_in("ash", PASSWORD)
    refused = browser.send("/account/tokens", token_from="/account/", label="x", days=days)
    assert refused.status_code == 422
    assert "issued-token" not in refused.text


def test_who_is_away_gets_no_new_cases(lite, browser):
    browser.sign_in("ash", PASSWORD)
    browser.send("/account/availability", token_from="/account/", available="no")
    owners = {lite.case(lite.told("noise", "1"))["owner_id"] for _ in range(3)}
    assert len(owners) == 1
    assert "I am back" in browser.get("/account/").text


def test_a_disabled_person_is_signed_out_everywhere(lite, browser):
    browser.sign_in("ash", PASSWORD)
    with lite.routing.outbox.transaction() as tx:
        people.disable_person(tx, lite.routing.office, "ash")
    assert browser.get("/account/").status_code == 303
