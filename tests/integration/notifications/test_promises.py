"""What an acknowledgement promises is still to come when it is read, however long it lay about."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from commonground.demo.provider import Fault
from services.notifications.sender.mail_folder import MailFolder
from tests.integration.notifications.stage import Resident

LATE = {
    "en": "Port Alder: we have your message. A person will read it and answer you.\n",
    "es": "Puerto Aliso: tenemos su mensaje. Una persona lo leerá y le responderá.\n",
}


def in_hours(hours):
    return datetime.now(UTC) + timedelta(hours=hours)


@pytest.mark.parametrize("language", LATE)
def test_a_moment_that_had_passed_when_the_event_came_is_not_promised(stage, phone_company, language):
    resident = Resident(language=language)
    stage.hear(resident.wrote(), resident.opened(due=in_hours(-2)))
    stage.sender().drain()
    assert phone_company.ledger.sent()[0].body.startswith(LATE[language])


def test_a_moment_that_passed_in_the_queue_is_not_promised(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(due=in_hours(2)))
    stage.clock.forward(hours=2, seconds=1)
    stage.sender().drain()
    assert phone_company.ledger.sent()[0].body.startswith(LATE["en"])


def test_a_moment_that_passed_between_two_tries_is_not_promised(stage, resident, phone_company):
    phone_company.ledger.script(Fault("refuse", status=429, code=20429))
    stage.hear(resident.wrote(), resident.opened(due=in_hours(2)))
    stage.sender().drain()
    stage.clock.forward(hours=3)
    stage.sender().drain()
    assert phone_company.ledger.sent()[0].body.startswith(LATE["en"])


def test_a_moment_to_come_is_promised(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(due=in_hours(2)))
    stage.clock.forward(hours=1)
    stage.sender().drain()
    assert "A person will answer you by " in phone_company.ledger.sent()[0].body


def test_a_late_acknowledgement_is_still_the_only_one(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(due=in_hours(-2)), resident.opened(due=in_hours(2)))
    stage.sender().drain()
    assert len(phone_company.ledger.sent()) == 1


def test_a_mail_keeps_its_subject_and_promises_nothing_that_passed(stage, tmp_path):
    resident = Resident(by="email", phone=None, email="rowan@example.org")
    stage.hear(resident.wrote(), resident.opened(due=in_hours(-2)))
    stage.sender(email=MailFolder(tmp_path / "mail", "listen@example.org")).drain()
    (path,) = (tmp_path / "mail").glob("*.eml")
    got = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert got["Subject"] == "Port Alder: we have your message"
    assert "A person will read it and answer you." in got.get_content()
    assert "call or text 911" in got.get_content()


def test_an_acknowledgement_of_yesterday_is_not_sent(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(), resident.answered())
    stage.clock.forward(hours=25)
    stage.sender().drain()
    assert stage.states == ["suppressed", "accepted"]
    assert [row.failure for row in stage.rows() if row.state == "suppressed"] == ["out_of_date"]
