"""Who said STOP gets nothing, however it crosses with what is being sent."""

import pytest

from shared.inbox import NotYet


def test_after_stop_nothing_goes_out_until_start(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.consents("stop"), resident.opened(), resident.answered())
    stage.sender().drain()
    assert stage.states == ["suppressed", "suppressed"]
    assert stage.announced == ["failed", "failed"]
    stage.hear(resident.consents("start"), resident.answered("Again."))
    stage.sender().drain()
    assert [text.body.split("\n")[0] for text in phone_company.ledger.sent()] == ["Again."]


def test_help_changes_nothing(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.consents("help"), resident.opened())
    stage.sender().drain()
    assert len(phone_company.ledger.sent()) == 1


def test_a_free_text_hold_holds_messages_until_start_lets_them_go(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.consents("hold", "free_text"), resident.answered("The answer."))
    stage.sender().drain()
    assert (stage.message.state, stage.message.failure) == ("held", "consent_hold")
    stage.hear(resident.consents("start"))
    stage.sender().drain()
    assert stage.announced == ["held", "accepted"]


def test_stop_after_a_hold_ends_what_was_held(stage, resident):
    stage.hear(resident.wrote(), resident.consents("hold", "free_text"), resident.answered())
    stage.sender().drain()
    stage.hear(resident.consents("stop"))
    assert (stage.message.state, stage.message.failure) == ("suppressed", "opted_out")


def test_a_hold_does_not_soften_a_stop(stage, resident):
    stage.hear(resident.consents("stop"), resident.consents("hold", "free_text"))
    assert stage.consent.status == "stopped"


@pytest.mark.parametrize("action", ["stop", "hold"])
def test_stop_waits_for_the_text_being_handed_over(stage, resident, action):
    stage.hear(resident.wrote(), resident.opened())
    stage.claim()
    stop = resident.consents(action)
    with pytest.raises(NotYet) as waiting:
        stage.hear(stop)
    assert waiting.value.event_ids == {stop.id}
    assert stage.consent.status == "stopping"
    stage.clock.forward(seconds=31)
    stage.hear(stop)
    assert stage.consent.status == {"stop": "stopped", "hold": "on_hold"}[action]


def test_start_does_not_wait(stage, resident):
    stage.hear(resident.wrote(), resident.opened())
    stage.claim()
    stage.hear(resident.consents("start"))


def test_stop_of_one_number_leaves_others_alone(stage, resident, phone_company):
    from tests.integration.notifications.stage import Resident

    other = Resident(phone="+12155550188")
    stage.hear(other.wrote(), resident.consents("stop"), other.opened())
    stage.sender().drain()
    assert [text.recipient for text in phone_company.ledger.sent()] == ["+12155550188"]


def test_email_goes_on_when_texts_are_stopped(stage, tmp_path):
    from services.notifications.sender.mail_folder import MailFolder
    from tests.integration.notifications.stage import Resident

    resident = Resident(by="email", email="rowan@example.org")
    stage.hear(resident.wrote(), resident.consents("stop"), resident.opened())
    stage.sender(email=MailFolder(tmp_path / "mail", "Common Ground <listen@example.org>")).drain()
    assert stage.states == ["accepted"]


def test_while_consent_lags_automatic_texts_wait_and_answers_go(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(), resident.answered("From a person."))
    stage.consents_current = False
    stage.sender().drain()
    assert [text.body.split("\n")[0] for text in phone_company.ledger.sent()] == ["From a person."]
    stage.consents_current = True
    stage.sender().drain()
    assert len(phone_company.ledger.sent()) == 2
