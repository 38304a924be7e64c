"""From an event to a text at the provider: what is sent, to whom, in which words."""

import pytest

from services.notifications.models import attempts
from shared.inbox import NotYet
from tests.integration.notifications.stage import NUMBER, PHONE, Resident


def test_an_opened_case_is_acknowledged_by_text(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened())
    assert stage.sender().drain() == 1
    (text,) = phone_company.ledger.sent()
    assert (text.recipient, text.sender) == (PHONE, NUMBER)
    assert text.body.startswith(
        "Port Alder: we have your message. A person will answer you by Friday, November 20, 4:00 PM."
    )
    assert "We and the phone company can see this number." in text.body
    assert (stage.message.state, stage.message.reference) == ("accepted", text.sid)
    assert stage.announced == ["accepted"]


def test_a_reply_reaches_the_resident_word_for_word(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(), resident.answered("The light is mended – thank you, Ñandú 👋"))
    stage.sender().drain()
    assert phone_company.ledger.sent()[1].body == "The light is mended – thank you, Ñandú 👋"


def test_the_sentence_of_a_resolved_case_is_sent_and_other_states_are_not(stage, resident, phone_company):
    stage.hear(
        resident.wrote(), resident.moved("waiting_on_resident"), resident.moved("resolved", "A sign was put up.")
    )
    stage.sender().drain()
    (text,) = phone_company.ledger.sent()
    assert text.body.startswith("A sign was put up.\n")


def test_spanish_speakers_get_spanish(stage, phone_company):
    resident = Resident(language="es-MX")
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    (text,) = phone_company.ledger.sent()
    assert text.body.startswith("Puerto Aliso: tenemos su mensaje.")
    assert "viernes, 20 de noviembre" in text.body


def test_only_the_first_text_to_a_number_carries_the_notice(stage, phone_company):
    one, other = Resident(), Resident()
    stage.hear(one.wrote(), one.opened(), one.answered("First."))
    stage.sender().drain()
    stage.hear(other.wrote(), other.opened())
    stage.sender().drain()
    assert ["phone company" in text.body for text in phone_company.ledger.sent()] == [True, False, False]


def test_a_refused_first_text_leaves_the_notice_to_the_next(stage, resident, phone_company):
    from commonground.demo.provider import Fault

    phone_company.ledger.script(Fault("refuse", status=400, code=30007))
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    stage.hear(resident.answered("Here."))
    stage.sender().drain()
    (text,) = phone_company.ledger.sent()
    assert "phone company" in text.body


@pytest.mark.parametrize(
    "resident",
    [
        Resident(by="none"),
        Resident(by="call"),
        Resident(by="sms", phone=None),
        Resident(by="email", email=None),
        Resident(anonymous=True),
    ],
    ids=["asked for nothing", "wants a call", "no number", "no address", "anonymous"],
)
def test_who_cannot_be_texted_is_not(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(), resident.answered(), resident.moved("resolved", "Done."))
    assert stage.sender().drain() == 0
    assert stage.rows() == []


def test_imported_concerns_get_answers_but_no_acknowledgement(stage, phone_company):
    resident = Resident(channel="import")
    stage.hear(resident.wrote(), resident.opened(), resident.answered("We read it."))
    stage.sender().drain()
    (text,) = phone_company.ledger.sent()
    assert text.body.startswith("We read it.")


def test_events_that_come_before_the_contact_wait(stage, resident):
    early = [resident.opened(), resident.answered()]
    for event in early:
        with pytest.raises(NotYet) as waiting:
            stage.hear(event)
        assert waiting.value.event_ids == {event.id}
    assert stage.rows() == []


def test_the_same_events_again_queue_nothing_again(stage, resident, phone_company):
    events = [resident.wrote(), resident.opened(), resident.answered(), resident.moved("resolved", "Done.")]
    for _ in range(3):
        stage.hear(*events)
        stage.sender().drain()
    assert len(phone_company.ledger.sent()) == 3


def test_a_case_opened_twice_by_different_events_is_acknowledged_once(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(), resident.opened())
    stage.sender().drain()
    assert len(phone_company.ledger.sent()) == 1


def test_a_reply_longer_than_a_text_says_where_the_rest_is(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.answered("word " * 400))
    stage.sender().drain()
    (text,) = phone_company.ledger.sent()
    assert len(text.body) <= 1600
    assert "… The rest: http://listen.test/track" in text.body
    assert "phone company" in text.body


@pytest.mark.parametrize("channel", ["web", "api", "import"])
def test_who_did_not_text_learns_where_to_answer(stage, phone_company, channel):
    resident = Resident(channel=channel)
    stage.hear(resident.wrote(), resident.answered("Which corner?"), resident.moved("resolved", "It is mended."))
    stage.sender().drain()
    reply, answer = (text.body for text in phone_company.ledger.sent())
    assert reply.startswith("Which corner?\nTo answer: http://listen.test/track\nWe and the phone company")
    assert answer == "It is mended.\nTo answer: http://listen.test/track"


def test_who_texted_simply_texts_back(stage, phone_company):
    resident = Resident(channel="sms")
    stage.hear(resident.wrote(), resident.opened(), resident.answered("Which corner?"))
    stage.sender().drain()
    assert phone_company.ledger.sent()[1].body == "Which corner?"


def test_where_to_answer_is_said_in_their_language_and_not_on_acknowledgements(stage, phone_company):
    resident = Resident(channel="web", language="es")
    stage.hear(resident.wrote(), resident.opened(), resident.answered("¿Qué esquina?"))
    stage.sender().drain()
    acknowledged, reply = (text.body for text in phone_company.ledger.sent())
    assert "Para responder" not in acknowledged
    assert reply == "¿Qué esquina?\nPara responder: http://listen.test/track"


def test_where_to_answer_survives_the_longest_reply(stage, phone_company):
    resident = Resident(channel="web")
    stage.hear(resident.wrote(), resident.answered("word " * 400))
    stage.sender().drain()
    (text,) = phone_company.ledger.sent()
    assert len(text.body) <= 1600
    assert "… The rest: http://listen.test/track\nTo answer: http://listen.test/track\n" in text.body


def test_a_reply_of_emoji_is_no_longer_than_the_provider_counts(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.answered("👋" * 1000))
    stage.sender().drain()
    (text,) = phone_company.ledger.sent()
    assert len(text.body.encode("utf-16-le")) <= 2 * 1600
    assert "… The rest: http://listen.test/track" in text.body


def test_nothing_personal_lies_open_in_the_database(stage, resident, phone_company):
    from sqlalchemy import select

    from services.notifications.models import metadata

    stage.hear(resident.wrote(), resident.opened(), resident.answered("the canary sings"))
    stage.sender().drain()
    with stage.outbox.engine.connect() as conn:
        for table in metadata.sorted_tables:
            for row in conn.execute(select(table)):
                kept = repr(tuple(row))
                assert "canary" not in kept
                assert PHONE.lstrip("+") not in kept


def test_the_attempt_is_named_in_the_callback(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    (attempt,) = stage.rows(attempts)
    (text,) = phone_company.ledger.sent()
    assert text.callback == f"http://listen.test/webhooks/twilio/status?attempt={attempt.id}"
    assert attempt.state == "accepted"
