"""Signing in and sessions: as a person with a browser meets them."""

import logging
import re
import time
from dataclasses import replace
from ipaddress import ip_network

import pytest
from sqlalchemy import select

from services.routing.app import create_app
from services.routing.handlers import people
from services.routing.models import sessions
from services.routing.web.desk import EXTENSION
from tests.integration.routing.account.browser import Browser
from tests.integration.routing.world import PASSWORD


def test_signing_in_opens_the_account_and_leads_on(browser):
    assert browser.get("/account/").headers["Location"] == "/account/sign-in?next=/account/"
    entered = browser.sign_in("Ash ", PASSWORD)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/console/")
    page = browser.get("/account/")
    assert page.status_code == 200
    assert "Ash" in page.text
    assert "this one" in page.text


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/console/?box=due", "/console/?box=due"), ("https://evil.example/", "/console/"),
        ("//evil.example", "/console/"), ("/\\evil.example", "/console/"), ("javascript:alert(1)", "/console/"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"), ("/a\r\nb", "/console/"),
    ],
)  # fmt: skip
def test_the_way_back_stays_in_the_house(browser, asked, led):
    assert browser.sign_in("ash", PASSWORD, next=asked).headers["Location"] == led


def test_every_way_to_be_wrong_gets_one_answer(lite, app, ash):
    with lite.routing.outbox.transaction() as tx:
        people.set_password(tx, "cedar", PASSWORD)
        people.disable_person(tx, lite.routing.office, "cedar")
    answers = {}
    for login, password in [("ash", "wrong"), ("nobody", PASSWORD), ("cedar", PASSWORD), ("birch", PASSWORD)]:
        refused = Browser.on(app).sign_in(login, password)
        assert refused.status_code == 422
        answers[login] = re.sub(r'value="[^"]*"', "", refused.text)
    assert len(set(answers.values())) == 1


def test_an_unknown_login_takes_as_long_as_a_known_one(lite, app, ash):
    def seconds(login):
        browser = Browser.on(app)
        browser.get("/account/sign-in")
        started = time.perf_counter()
        browser.sign_in(login, "a wrong password")
        return time.perf_counter() - started

    known = sorted(seconds("ash") for _ in range(4))[1]
    unknown = sorted(seconds("nobody") for _ in range(4))[1]
    # Without the work on a hash that stands in, the unknown one would be many times faster.
    assert unknown > known / 3


def test_guesses_from_one_address_are_throttled(browser):
    for number in range(8):
        assert browser.sign_in(f"guess{number}", "a wrong password").status_code == 422
    refused = browser.sign_in("ash", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_guesses_at_one_account_are_throttled_from_everywhere(lite, ash):
    settings = replace(lite.settings, trusted_proxies=(ip_network("127.0.0.1/32"),))
    app = create_app(settings)

    def guess(number, login="ash"):
        browser = Browser.on(app)
        browser.http.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}"
        return browser.sign_in(login, "a wrong password").status_code

    assert {guess(number) for number in range(40)} == {422}
    assert guess(41) == 429
    assert guess(42, "birch") == 422
    app.extensions[EXTENSION].close()


def test_an_office_behind_one_address_can_begin_its_day(app, ash):
    for _ in range(20):
        assert Browser.on(app).sign_in("ash", PASSWORD).status_code == 303


def test_forms_need_their_token(browser):
    assert browser.http.post("/account/sign-in", data={"login": "ash", "password": PASSWORD}).status_code == 400
    browser.sign_in("ash", PASSWORD)
    assert browser.http.post("/account/sign-out").status_code == 400
    assert browser.get("/account/").status_code == 200


def test_the_session_is_another_after_signing_in(lite, app, browser):
    browser.get("/account/sign-in")
    before = browser.cookie
    browser.sign_in("ash", PASSWORD)
    first = browser.cookie
    assert before != first
    second = Browser.on(app)
    second.http.set_cookie("cg_staff", first)
    assert second.get("/account/").status_code == 200
    browser.send("/account/sign-out", token_from="/account/")
    # The cookie of before is worth nothing, although its signature is good.
    assert second.get("/account/").status_code == 303
    with lite.routing.engine.connect() as conn:
        assert all(row.ended_at for row in conn.execute(select(sessions)))


def test_the_database_holds_no_secret_of_a_session(lite, browser):
    browser.sign_in("ash", PASSWORD)
    with browser.http.session_transaction() as kept:
        secret = kept["staff"]
    with lite.routing.engine.connect() as conn:
        row = conn.execute(select(sessions)).one()
    assert secret.encode() not in row.secret_hash
    assert len(row.secret_hash) == 32


@pytest.mark.parametrize(("passed", "alive"), [({"minutes": 119}, True), ({"hours": 2, "minutes": 1}, False)])
def test_idle_sessions_end(lite, browser, passed, alive):
    browser.sign_in("ash", PASSWORD)
    lite.later(**passed)
    assert (browser.get("/account/").status_code == 200) is alive


def test_busy_sessions_end_after_twelve_hours(lite, browser):
    browser.sign_in("ash", PASSWORD)
    for _ in range(7):
        lite.later(minutes=100)
        assert browser.get("/account/").status_code == 200
    lite.later(minutes=25)
    assert browser.get("/account/").status_code == 303


def test_sessions_are_listed_and_ended_by_their_owner_alone(lite, app, browser):
    browser.sign_in("ash", PASSWORD)
    phone = Browser.on(app)
    phone.sign_in("ash", PASSWORD)
    with lite.routing.outbox.transaction() as tx:
        people.set_password(tx, "birch", PASSWORD)
    stranger = Browser.on(app)
    stranger.sign_in("birch", PASSWORD)
    listed = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", browser.get("/account/").text)
    assert len(listed) == 1
    stranger.send(f"/account/sessions/{listed[0]}/end", token_from="/account/")
    assert phone.get("/account/").status_code == 200
    browser.send(f"/account/sessions/{listed[0]}/end", token_from="/account/")
    assert phone.get("/account/").status_code == 303
    assert browser.get("/account/").status_code == 200


def test_ending_all_others_keeps_this_one(app, browser):
    browser.sign_in("ash", PASSWORD)
    others = [Browser.on(app) for _ in range(2)]
    for other in others:
        other.sign_in("ash", PASSWORD)
    browser.send("/account/sessions/end-others", token_from="/account/")
    assert [other.get("/account/").status_code for other in others] == [303, 303]
    assert browser.get("/account/").status_code == 200


def test_sign_ins_are_told_to_the_log_without_names_or_passwords(lite, app, ash, caplog):
    with caplog.at_level(logging.INFO):
        Browser.on(app).sign_in("ash", "a wrong password")
        Browser.on(app).sign_in("ash", PASSWORD)
    told = [(record.message, record.person) for record in caplog.records if hasattr(record, "person")]
    assert [message for message, _ in told] == ["A sign-in was refused", "Somebody signed in"]
    assert len({person for _, person in told}) == 1
    assert "ash" not in caplog.text
    assert PASSWORD not in caplog.text
