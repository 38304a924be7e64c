"""Signing in, sessions, passwords, tokens: as a person with a browser meets them."""

import re
import time

import pytest
from sqlalchemy import select

from services.routing.app import create_app
from services.routing.handlers import people
from services.routing.models import sessions
from services.routing.web.desk import EXTENSION
from tests.integration.routing.browser import Browser
from tests.integration.routing.world import PASSWORD


@pytest.fixture
def app(lite):
    opened = create_app(lite.settings)
    yield opened
    opened.extensions[EXTENSION].close()


@pytest.fixture
def ash(lite):
    lite.staff()
    with lite.routing.outbox.transaction() as tx:
        people.set_password(tx, "ash", PASSWORD)


@pytest.fixture
def browser(app, ash):
    return Browser.on(app)


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


def test_guesses_at_one_account_are_throttled(app, browser):
    for _ in range(8):
        assert browser.sign_in("ash", "a wrong password").status_code == 422
    refused = browser.sign_in("ash", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert browser.sign_in("birch", "a wrong password").status_code == 422


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
    assert "cg_" not in refused.text


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
