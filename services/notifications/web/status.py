"""Delivery receipts of texts: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status"""

from uuid import UUID

from flask import Blueprint, Response, request

from services.notifications.handlers.receipts import Receipt, note_receipt
from shared.outbox import Outbox
from shared.web.access import signed
from shared.web.body import FORM, check_content_type
from shared.web.faults import fault
from shared.web.problems import Problem

LONGEST = 64
INCOMPLETE = fault("incomplete", "A receipt needs MessageSid and MessageStatus.")
STRANGER = fault("unknown_message", "This is about no message of ours.")


def status_callbacks(outbox: Outbox) -> Blueprint:
    """The address the provider reports to; it carries the attempt in its query."""
    pages = Blueprint("status", __name__)

    @pages.post("/webhooks/twilio/status")
    @signed
    def status() -> Response:
        check_content_type(FORM)
        receipt = _receipt()
        with outbox.transaction() as tx:
            known = note_receipt(tx, receipt)
        if not known:
            raise Problem(404, STRANGER)
        return Response(status=204)

    return pages


def _receipt() -> Receipt:
    reference, status = _field("MessageSid", "SmsSid"), _field("MessageStatus", "SmsStatus").lower()
    if not reference or not status or len(reference) > LONGEST:
        raise Problem(400, INCOMPLETE)
    code = _field("ErrorCode")
    return Receipt(
        reference=reference,
        status=status,
        code=int(code) if code.isascii() and code.isdigit() and len(code) < 10 else None,
        attempt_id=_identifier(request.args.get("attempt", "")),
    )


def _field(*names: str) -> str:
    """The first field given, without NUL, which no database keeps."""
    return next((value.replace("\0", "") for name in names if (value := request.form.get(name))), "")


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
