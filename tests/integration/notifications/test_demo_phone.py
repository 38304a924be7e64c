"""The demo phone: a resident's thumb, a carrier's manners, nothing that leaves the machine."""

import base64
import re
from email.message import EmailMessage

import pytest
from pytest_httpserver import HTTPServer
from twilio.request_validator import RequestValidator
from werkzeug.test import Client
from werkzeug.wrappers import Response

from commonground.demo.phone import create_demo
from commonground.demo.provider import Ledger
from shared.config import Settings
from tests.integration.notifications.stage import NUMBER, ROOT, SECRET, SID, TOKEN

PHONE = "+12155550111"
PAGE = "/demo/phone/12155550111"
AUTH = {"Authorization": "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()}


@pytest.fixture
def service():
    """Stands where intake stands, and says 200 to every text."""
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request("/webhooks/twilio/sms", method="POST").respond_with_data("<Response/>")
        yield server


@pytest.fixture
def demo(tmp_path, service):
    environ = {
        "DATABASE_URL": "sqlite:///unused", "BUS_URL": "sqlite:///unused", "PUBLIC_URL": f"http://127.0.0.1:{service.port}",
        "SECRET_KEY": SECRET.decode(), "SEALING_KEYS": base64.b64encode(bytes(32)).decode(),
        "CITY": str(ROOT / "cities/port-alder"), "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": NUMBER, "PORT": str(service.port), "SMTP_URL": f"file:{tmp_path / 'mail'}",
    }  # fmt: skip
    return Client(create_demo(Settings.load("", environ), tmp_path / "phone.db"), Response)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def text(demo, body, **more):
    page = demo.get(PAGE, **more).get_data(as_text=True)
    return demo.post(PAGE, data={"csrf_token": token_of(page), "body": body}, **more)


def test_a_text_goes_in_signed_like_the_providers(demo, service):
    assert text(demo, "The light at Alder & 9th is out – ¿quién?").status_code == 303
    request, _ = service.log[0]
    assert request.form["From"] == PHONE
    assert request.form["To"] == NUMBER
    assert request.form["Body"] == "The light at Alder & 9th is out – ¿quién?"
    address = f"http://127.0.0.1:{service.port}/webhooks/twilio/sms"
    assert RequestValidator(TOKEN).validate(address, request.form, request.headers["X-Twilio-Signature"])


def test_the_conversation_shows_both_sides_escaped(demo, tmp_path):
    text(demo, "<b>in</b>")
    answer = demo.post(
        f"/2010-04-01/Accounts/{SID}/Messages.json", headers=AUTH,
        data={"To": PHONE, "From": NUMBER, "Body": "<i>out</i>"},
    )  # fmt: skip
    assert answer.status_code == 201
    page = demo.get(PAGE).get_data(as_text=True)
    assert page.index("&lt;b&gt;in&lt;/b&gt;") < page.index("&lt;i&gt;out&lt;/i&gt;")


def test_a_post_without_token_texts_nobody(demo, service):
    demo.get(PAGE)
    assert demo.post(PAGE, data={"body": "hello"}).status_code in (400, 403)
    assert service.log == []


@pytest.mark.parametrize("body", ["", "   ", "x" * 1601])
def test_what_no_phone_would_send_is_given_back(demo, service, body):
    answer = text(demo, body)
    assert answer.status_code == 422
    assert "Write something" in answer.get_data(as_text=True)
    assert service.log == []


def test_a_service_that_refuses_is_shown(demo, service):
    service.clear()
    service.expect_request("/webhooks/twilio/sms").respond_with_data("", status=503)
    answer = text(demo, "hello")
    assert answer.status_code == 502
    assert "It answered: 503" in answer.get_data(as_text=True)


def test_the_carrier_answers_stop_and_refuses_texts_until_start(demo, tmp_path):
    def send():
        return demo.post(
            f"/2010-04-01/Accounts/{SID}/Messages.json", headers=AUTH,
            data={"To": PHONE, "From": NUMBER, "Body": "hello"},
        )  # fmt: skip

    text(demo, " stop ")
    refused = send()
    assert (refused.status_code, refused.get_json()["code"]) == (400, 21610)
    assert "unsubscribed" in demo.get(PAGE).get_data(as_text=True)
    text(demo, "START")
    assert send().status_code == 201
    assert len(Ledger(tmp_path / "phone.db").sent()) == 1


def test_only_the_demos_numbers_have_a_phone(demo):
    assert demo.get("/demo/phone/12155550123").status_code == 404
    assert demo.get("/demo/phone/5").status_code == 404


def test_the_api_wants_the_accounts_credentials(demo):
    wrong = {"Authorization": "Basic " + base64.b64encode(b"AC1:x").decode()}
    address = f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert demo.get(address).status_code == 401
    assert demo.post(address, headers=wrong, data={"To": PHONE, "Body": "x"}).status_code == 401
    assert demo.get(address, headers=AUTH).get_json()["messages"] == []


def test_mails_of_the_demo_can_be_read(demo, tmp_path):
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "rowan@example.org", "An answer <from> Port Alder"
    mail.set_content("It was mended.")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_bytes(bytes(mail))
    page = demo.get("/demo/phone/mail").get_data(as_text=True)
    assert "An answer &lt;from&gt; Port Alder" in page
    assert "It was mended." in page


def test_the_pages_speak_spanish_and_need_no_script(demo):
    page = demo.get("/demo/phone?lang=es").get_data(as_text=True)
    assert "Elija un teléfono" in page
    assert "<script>" not in page


def test_the_cookie_is_its_own(demo):
    demo.get(PAGE)
    assert demo.get_cookie("cg_resident") is None
    assert demo.get_cookie("cg_demo", path="/demo") is not None
