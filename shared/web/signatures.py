"""The guard of signed webhooks: X-Twilio-Signature (https://www.twilio.com/docs/usage/security)."""

from flask import request
from twilio.request_validator import RequestValidator

from shared.config import Settings
from shared.web.access import Guard, Rule
from shared.web.faults import fault
from shared.web.problems import Problem

HEADER = "X-Twilio-Signature"
FORGED = fault("bad_signature", "The signature does not fit.")


def signed_by_provider(settings: Settings) -> Guard:
    """Lets in what the provider signed, with either of two tokens so that they can be rotated.

    The address that was signed is ours as configured, query included; what Host or a proxy say is not
    asked. Without a token nothing is let in.
    """
    validators = [RequestValidator(token) for token in settings.twilio_auth_token]

    def check(_rule: Rule) -> None:
        query = request.query_string.decode("latin-1")
        address = f"{settings.public_url}{request.path}{'?' if query else ''}{query}"
        signature = request.headers.get(HEADER, "")
        # validate() itself tries the address with and without the scheme's own port.
        if not any(each.validate(address, request.form, signature) for each in validators):
            raise Problem(403, FORGED)

    return check
