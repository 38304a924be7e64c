"""Which provider carries a channel, from the settings alone."""

import base64

import pytest

from services.notifications.sender.mail_folder import MailFolder
from services.notifications.sender.providers import missing, providers_for
from services.notifications.sender.smtp import Smtp
from shared.config import Settings

TEXTS = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "new,old", "TWILIO_FROM": "+12155550100"}
MAIL = {"SMTP_URL": "smtp://mail.example.org", "MAIL_FROM": "listen@example.org"}


@pytest.fixture
def settings(tmp_path):
    def load(**given):
        environ = {
            "DATABASE_URL": "sqlite:///x", "BUS_URL": "sqlite:///x", "PUBLIC_URL": "http://listen.test",
            "SECRET_KEY": "x" * 32, "SEALING_KEYS": base64.b64encode(bytes(32)).decode(), "CITY": str(tmp_path),
        }  # fmt: skip
        return Settings.load("notifications", {**environ, **given})

    return load


def test_nothing_given_carries_nothing(settings):
    assert providers_for(settings()) == {}


def test_all_given_carries_both(settings):
    found = providers_for(settings(**TEXTS, **MAIL))
    assert set(found) == {"sms", "email"}
    assert found["sms"].auth_token == "new", "the first token calls the provider"
    assert found["sms"].base == "https://api.twilio.com"
    assert isinstance(found["email"], Smtp)


@pytest.mark.parametrize("lacking", sorted(TEXTS))
def test_half_a_configuration_carries_no_texts_and_says_what_lacks(settings, lacking):
    half = settings(**{name: value for name, value in TEXTS.items() if name != lacking})
    assert "sms" not in providers_for(half)
    assert missing(half, "sms") == [lacking]


def test_a_folder_takes_mail_for_trying(settings):
    found = providers_for(settings(SMTP_URL="file:/var/mail/demo", MAIL_FROM="listen@example.org"))["email"]
    assert isinstance(found, MailFolder)
    assert str(found.folder) == "/var/mail/demo"
