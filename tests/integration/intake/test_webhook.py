"""The provider's webhook: only what it signed at our public address is taken, and each text once."""

import pytest

from tests.integration.intake.front_door import PUBLIC, SENDER, TOKENS

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def test_a_signed_text_is_taken_and_answered_with_silence(door):
    response = door.text("The lamp is dark")
    assert (response.status_code, response.text) == (200, EMPTY)
    assert response.content_type.startswith("text/xml")
    [row], [event] = door.rows("submissions"), door.events()
    assert (row["channel"], row["category"], row["contact_by"], row["receipt_hash"]) == (
        "sms",
        "unsure",
        "sms",
        None,
    )
    assert door.opened(event)["text"] == "The lamp is dark"
    assert door.opened(event)["contact"] == {"phone": SENDER}


@pytest.mark.parametrize(
    "how",
    [
        {"token": "a-stranger's-token"},
        {"signed_at": PUBLIC.replace("https", "http") + "/webhooks/twilio/sms"},
        {"signed_at": PUBLIC + "/webhooks/twilio/sms?x=2", "query": "?x=1"},
        {"signed_at": "http://localhost/webhooks/twilio/sms"},
        {"signed_at": PUBLIC + "/webhooks/twilio/status"},
    ],
)
def test_a_forged_text_is_refused_and_nothing_is_kept(lite, how):
    before = lite.counts()
    assert lite.text("STOP", **how).status_code == 403
    assert lite.counts() == before


def test_a_field_added_after_signing_is_noticed(lite):
    good = lite.text("hello", sid="SM1")
    assert good.status_code == 200
    form = {"MessageSid": "SM2", "From": SENDER, "Body": "hello"}
    response = lite.client.post("/webhooks/twilio/sms", data=form, headers={"X-Twilio-Signature": "AAAA"})
    assert response.status_code == 403
    assert lite.client.post("/webhooks/twilio/sms", data=form).status_code == 403
    assert len(lite.rows("inbound_texts")) == 1


@pytest.mark.parametrize(
    "how",
    [
        {"token": TOKENS[1]},
        {"query": "?team=a%20b&x="},
        {"signed_at": PUBLIC + ":443/webhooks/twilio/sms"},
        {"MessagingServiceSid": "MG1", "FromCity": "PORT ALDER", "SomethingNew": "ü"},
    ],
)
def test_the_second_token_the_query_the_port_and_new_fields_fit(lite, how):
    assert lite.text("The lamp is dark", **how).status_code == 200


def test_what_host_says_does_not_matter(lite):
    lite.client.environ_base["HTTP_HOST"] = "evil.example"
    lite.client.environ_base["HTTP_X_FORWARDED_PROTO"] = "http"
    assert lite.text("The lamp is dark").status_code == 200


def test_the_same_text_again_is_answered_the_same_and_kept_once(door):
    assert door.text("The lamp is dark", sid="SM1").status_code == 200
    before = door.counts()
    again = door.text("The lamp is dark", sid="SM1")
    assert (again.status_code, again.text) == (200, EMPTY)
    assert door.counts() == before


def test_the_same_id_with_other_words_is_a_conflict(door, caplog):
    door.text("The lamp is dark", sid="SM1")
    before = door.counts()
    assert door.text("Something else", sid="SM1").status_code == 409
    assert door.text("The lamp is dark", sid="SM1", sender="+12155550199").status_code == 409
    assert door.counts() == before


def test_nul_is_stripped_and_words_come_composed(door):
    door.text("cafe\u0301\0 is loud")
    assert door.opened(door.events()[0])["text"] == "café is loud"


def test_the_wrong_content_type_is_refused_after_the_signature(lite):
    response = lite.client.post("/webhooks/twilio/sms", json={"Body": "x"})
    assert response.status_code == 403
