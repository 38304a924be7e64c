"""Which provider carries each channel, from the settings; and why a channel has none."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from services.notifications.sender.mail_folder import MailFolder
from services.notifications.sender.port import Provider
from services.notifications.sender.smtp import Smtp
from services.notifications.sender.twilio import Twilio
from shared.config import Settings

SMS, EMAIL = "sms", "email"
CHANNELS = (SMS, EMAIL)


def providers_for(settings: Settings) -> dict[str, Provider]:
    """Provider by channel. What is written to a channel without one is held, and sent when there is one."""
    found: dict[str, Provider] = {}
    if not missing(settings, SMS):
        found[SMS] = Twilio(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token[0],
            sender=settings.twilio_from,
            base=settings.twilio_api_base,
            public_url=settings.public_url,
        )
    if not missing(settings, EMAIL):
        found[EMAIL] = _mail(settings)
    return found


def missing(settings: Settings, channel: str) -> list[str]:
    """The settings that would have to be given for this channel to work; [] when it does."""
    needed: Mapping[str, Mapping[str, object]] = {
        SMS: {
            "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
            "TWILIO_FROM": settings.twilio_from,
        },
        EMAIL: {"SMTP_URL": settings.smtp_url, "MAIL_FROM": settings.mail_from},
    }
    return [name for name, value in needed[channel].items() if not value]


def _mail(settings: Settings) -> Provider:
    if settings.smtp_url.startswith("file:"):
        return MailFolder(Path(urlsplit(settings.smtp_url).path), settings.mail_from)
    return Smtp(settings.smtp_url, settings.mail_from)
