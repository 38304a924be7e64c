"""The address of delivery receipts: only what the provider signed, exactly there, and never a 5xx for bad input."""

import base64

import pytest
from twilio.request_validator import RequestValidator

from services.notifications.app import assemble, create_app
from services.notifications.models import messages, outbox
from shared.config import Settings
from tests.integration.notifications.stage import KEYS, PUBLIC_URL, ROOT, SECRET, SID

PATH = "/webhooks/twilio/status"
TOKENS = ("the new token", "the old token")


class Provider:
    """Posts receipts as the provider does, and as strangers would."""

    def __init__(self, client):
        self.client = client

    def post(self, query="", *, token=TOKENS[0], signed_at=None, add=None, **form):
        form = {"MessageSid": "SM1", "MessageStatus": "delivered", "AccountSid": SID, **form}
        form = {name: value for name, value in form.items() if value is not None}
        signature = RequestValidator(token).compute_signature(signed_at or PUBLIC_URL + PATH + query, form)
        return self.client.post(
            PATH + query, data={**form, **(add or {})}, headers={"X-Twilio-Signature": signature}
        )


def settings(url):
    environ = {
        "DATABASE_URL": url, "BUS_URL": "sqlite:///unused", "PUBLIC_URL": PUBLIC_URL, "SECRET_KEY": SECRET.decode(),
        "SEALING_KEYS": base64.b64encode(KEYS[0]).decode(), "CITY": str(ROOT / "cities/port-alder"),
        "TWILIO_AUTH_TOKEN": ",".join(TOKENS),
    }  # fmt: skip
    return Settings.load("notifications", environ)


@pytest.fixture
def provider(stage):
    return Provider(assemble(settings(stage.url), stage.outbox).test_client())


@pytest.fixture
def attempt(stage, resident):
    """The query that names an attempt under way."""
    stage.hear(resident.wrote(), resident.opened())
    return f"?attempt={stage.claim().outgoing.attempt_id}"


def counts(stage):
    return [row.state for row in stage.rows(messages)], len(stage.rows(outbox))


@pytest.mark.parametrize("token", TOKENS)
def test_a_signed_receipt_that_names_the_attempt_settles_it(stage, provider, attempt, token):
    answer = provider.post(attempt, token=token)
    assert (answer.status_code, answer.data) == (204, b"")
    assert (stage.message.state, stage.message.reference) == ("delivered", "SM1")
    assert stage.announced == ["delivered"]


def test_receipts_again_and_out_of_order_are_welcome_and_change_nothing(stage, provider, attempt):
    for status in ("sent", "delivered", "sent", "queued", "delivered"):
        assert provider.post(attempt, MessageStatus=status).status_code == 204
    assert stage.announced == ["accepted", "delivered"]


@pytest.mark.parametrize(
    "how",
    [
        {"token": "a stranger's"},
        {"signed_at": PUBLIC_URL + PATH},
        {"signed_at": PUBLIC_URL + PATH + "?attempt=1"},
        {"signed_at": "http://localhost" + PATH},
        {"signed_at": PUBLIC_URL + "/webhooks/twilio/sms"},
        {"add": {"ErrorCode": "21610"}},
    ],
    ids=["other token", "without the query", "other query", "other host", "other path", "a field more"],
)
def test_what_the_provider_did_not_sign_changes_nothing(stage, provider, attempt, how):
    before = counts(stage)
    answer = provider.post(attempt, **how)
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
    assert counts(stage) == before


def test_without_a_signature_nothing_is_taken(stage, provider, attempt):
    before = counts(stage)
    assert provider.client.post(PATH + attempt, data={"MessageSid": "SM1"}).status_code == 403
    assert counts(stage) == before


def test_fields_we_never_heard_of_and_unknown_statuses_are_no_trouble(stage, provider, attempt):
    answer = provider.post(attempt, MessageStatus="teleported", SomethingNew="ü", RawDlrDoneDate="2611201605")
    assert answer.status_code == 204
    assert stage.message.state == "sending"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"MessageSid": None}, 400),
        ({"MessageStatus": None}, 400),
        ({"MessageSid": "S" * 65}, 400),
        ({"MessageSid": "\0"}, 400),
        ({"ErrorCode": "٣٣"}, 204),
        ({"ErrorCode": "99999999999999999999"}, 204),
        ({"ErrorCode": "-1"}, 204),
        ({"MessageStatus": "x" * 5000}, 204),
    ],
)
def test_odd_receipts_never_break_it(stage, provider, attempt, form, status):
    assert provider.post(attempt, **form).status_code == status


@pytest.mark.parametrize(
    "query", ["", "?attempt=", "?attempt=nonsense", "?attempt=01a206c7-a98e-7451-9139-83866ffd4eea"]
)
def test_a_receipt_about_no_message_of_ours_is_not_found(stage, provider, query):
    assert provider.post(query).status_code == 404
    assert counts(stage) == ([], 0)


def test_other_methods_and_bodies_are_refused(provider):
    assert provider.client.get(PATH).status_code == 405
    assert provider.client.post(PATH, json={"MessageSid": "SM1"}).status_code in (403, 415)
    assert provider.client.post(PATH, data=b"x" * (256 * 1024 + 1)).status_code == 413


def test_without_a_token_nobody_is_let_in(stage):
    from dataclasses import replace

    client = assemble(replace(settings(stage.url), twilio_auth_token=()), stage.outbox).test_client()
    assert Provider(client).post(token="").status_code == 403


def test_a_database_that_is_away_is_503_and_not_ready(tmp_path):
    client = create_app(settings("postgresql+psycopg://nobody@127.0.0.1:1/none")).test_client()
    answer = Provider(client).post()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_it_is_ready_when_its_database_answers(provider):
    assert provider.client.get("/readyz").status_code == 200
