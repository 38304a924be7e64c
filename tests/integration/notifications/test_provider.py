"""The provider that sends nothing: what its owner sees over HTTP, from another process, through the real client."""

import sys
import time
from collections import Counter

import pytest
import requests
from pytest_httpserver import HTTPServer
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug import Response

from commonground.demo.provider import Fault, Ledger
from services.notifications.sender.port import CallTime, Outgoing
from services.notifications.sender.twilio import StagedClient, Twilio
from shared.ids import new_id
from tests.integration.notifications.stage import NUMBER, PHONE, PUBLIC_URL, ROOT, SID, TOKEN
from tests.servers.processes import ServerProcess, wait_until


def texting(text="hello"):
    return Outgoing(attempt_id=new_id(), message_id=new_id(), to=PHONE, text=text)


def client(carrier):
    return Client(SID, TOKEN, http_client=StagedClient(carrier.base, CallTime.starting()))


def test_the_real_client_lists_and_fetches_what_was_sent(phone_company):
    for words in ("one", "two ñ", "three"):
        phone_company.twilio().send(texting(words), CallTime.starting())
    listed = client(phone_company).messages.list(to=PHONE)
    assert [message.body for message in listed] == ["three", "two ñ", "one"]
    assert listed[0].direction == "outbound-api"
    assert client(phone_company).messages(listed[0].sid).fetch().status == "queued"
    assert client(phone_company).messages.list(to="+12155550199") == []


def test_a_messaging_service_may_send(phone_company):
    from dataclasses import replace

    sender = replace(phone_company.twilio(), sender="MG0123456789abcdef0123456789abcdef")
    sender.send(texting(), CallTime.starting())
    assert len(phone_company.ledger.sent()) == 1


def test_the_base_may_have_a_path():
    with HTTPServer(host="127.0.0.1") as server:
        path = f"/demo/provider/2010-04-01/Accounts/{SID}/Messages.json"
        server.expect_request(path, method="POST").respond_with_json({"sid": "SM1"}, status=201)
        sender = Twilio(SID, TOKEN, NUMBER, server.url_for("/demo/provider"), PUBLIC_URL)
        assert sender.send(texting(), CallTime.starting()).reference == "SM1"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": "nobody"}, 21211),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
    ],
)
def test_it_refuses_what_the_real_one_refuses(phone_company, form, code):
    answer = requests.post(
        f"{phone_company.base}/2010-04-01/Accounts/{SID}/Messages.json",
        data={"To": PHONE, "From": NUMBER, "Body": "x", **form}, auth=(SID, TOKEN), timeout=5,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert phone_company.ledger.sent() == []


def test_a_fault_for_one_number_leaves_others_alone(phone_company):
    phone_company.ledger.script(Fault("error"), recipient="+12155550199")
    assert phone_company.twilio().send(texting(), CallTime.starting()).reference
    with pytest.raises(ValueError, match="a fault is one of"):
        Fault("nonsense")


def test_as_a_process_it_calls_back_signed_with_what_became_of_texts(tmp_path):
    with HTTPServer(host="127.0.0.1") as owner:
        owner.expect_request("/webhooks/twilio/status", method="POST").respond_with_data("", status=204)
        log, book = tmp_path / "provider.log", tmp_path / "ledger.sqlite3"
        command = [
            sys.executable, "-m", "commonground.demo.provider", "--ledger", str(book), "--sid", SID,
            "--token", TOKEN, "--public-url", PUBLIC_URL, "--reach-url", owner.url_for("").rstrip("/"),
        ]  # fmt: skip
        process = ServerProcess(command, log, env={"PYTHONPATH": str(ROOT)})
        process.start(lambda: log.read_text().startswith("http://"))
        Ledger(book).let_end(PHONE, "undelivered", 30003)
        outgoing = texting()
        taken = Twilio(SID, TOKEN, NUMBER, log.read_text().strip(), PUBLIC_URL).send(outgoing, CallTime.starting())
        wait_until(lambda: len(owner.log) == 3, 15, "three callbacks")
        process.stop()
        requests_ = [request for request, _ in owner.log]
        assert [request.form["MessageStatus"] for request in requests_] == ["queued", "sent", "undelivered"]
        assert requests_[2].form["ErrorCode"] == "30003"
        signed_at = f"{PUBLIC_URL}/webhooks/twilio/status?attempt={outgoing.attempt_id}"
        for request in requests_:
            assert request.args["attempt"] == str(outgoing.attempt_id)
            assert request.form["MessageSid"] == taken.reference
            assert RequestValidator(TOKEN).validate(signed_at, request.form, request.headers["X-Twilio-Signature"])


def test_callbacks_nobody_took_come_again(phone_company):
    answers = [503, 204, 204, 204]
    with HTTPServer(host="127.0.0.1") as owner:
        owner.expect_request("/webhooks/twilio/status").respond_with_handler(
            lambda _: Response(status=answers.pop(0))
        )
        sender = Twilio(SID, TOKEN, NUMBER, phone_company.base, owner.url_for("").rstrip("/"))
        sender.send(texting(), CallTime.starting())
        deadline = time.monotonic() + 10
        while answers and time.monotonic() < deadline:
            phone_company.webhooks.send_due()
            time.sleep(0.05)
        assert Counter(request.form["MessageStatus"] for request, _ in owner.log) == {
            "queued": 2,
            "sent": 1,
            "delivered": 1,
        }
