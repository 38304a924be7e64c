"""The provider hands over texts here (https://www.twilio.com/docs/messaging/guides/webhook-request)."""

import logging
import unicodedata

from flask import Blueprint, Response, request

from services.intake.domain.commands import named
from services.intake.handlers.house import House
from services.intake.handlers.texts import InboundText, TextReused
from shared.outbox.transaction import EventTooLarge
from shared.web.access import signed
from shared.web.body import FORM, check_content_type, too_large
from shared.web.faults import fault
from shared.web.problems import Problem

#: Nothing is answered by text from here: notifications alone sends.
SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
MOST_MEDIA = 10
INCOMPLETE = fault("incomplete", "A text needs MessageSid and From.")
REUSED = fault("message_sid_reused", "This MessageSid came before with other content. Nothing was kept.")

log = logging.getLogger(__name__)


def webhooks(house: House) -> Blueprint:
    """The addresses the provider calls."""
    pages = Blueprint("webhooks", __name__)

    @pages.post("/webhooks/twilio/sms")
    @signed
    def inbound() -> Response:
        check_content_type(FORM)
        try:
            taken = house.texts.receive(_text())
        except TextReused as reused:
            log.error("A text came twice with different content", extra={"sid": str(reused), "alert": True})
            raise Problem(409, REUSED) from None
        except EventTooLarge:
            raise too_large() from None
        log.info("A text was taken", extra={"outcome": taken.outcome})
        return Response(SILENCE, content_type="text/xml; charset=utf-8")

    return pages


def _text() -> InboundText:
    sid, sender = _clean("MessageSid") or _clean("SmsSid"), _clean("From")
    if not sid or len(sid) > 64 or not sender:
        raise Problem(400, INCOMPLETE)
    body = unicodedata.normalize("NFC", _clean("Body"))
    return InboundText(sid, sender, body, _media(), named(_clean("OptOutType")))


def _clean(name: str) -> str:
    """A field without NUL, which no database keeps."""
    return request.form.get(name, "").replace("\0", "")


def _media() -> list[tuple[str, str]]:
    """Address and type of every picture; fetched later, never from here."""
    count = _clean("NumMedia")
    numbers = range(min(int(count), MOST_MEDIA) if count.isascii() and count.isdigit() else 0)
    pairs = [(_clean(f"MediaUrl{n}"), _clean(f"MediaContentType{n}")) for n in numbers]
    return [pair for pair in pairs if pair[0]]
