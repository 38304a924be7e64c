"""Who calls: a receipt, a staff token, the provider's signature."""

from uuid import UUID

from flask import g, request
from twilio.request_validator import RequestValidator

from services.intake.handlers.house import House
from shared.web.access import Guard, Rule
from shared.web.faults import fault
from shared.web.problems import Problem

NO_RECEIPT = fault("no_receipt", "Send your receipt in the header: Authorization: Bearer 1234-5678-9012-3456.")
NO_TOKEN = fault("unknown_token", "This token is not known, or no longer valid.")
FORGED = fault("bad_signature", "The signature does not fit.")


def bearer() -> str | None:
    """What follows `Authorization: Bearer` (RFC 6750, section 2.1)."""
    scheme, _, value = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return value.strip() or None if scheme.lower() == "bearer" else None


def show_receipt(_rule: Rule) -> None:
    """Let in who shows something; whether it opens anything is found out with the concern."""
    given = bearer()
    if given is None:
        raise Problem(401, NO_RECEIPT, headers={"WWW-Authenticate": "Bearer"})
    g.receipt = given


def staff_caller(house: House) -> UUID | None:
    """The member of staff whose token came along; None without a token. Raises Problem 401 for a wrong one."""
    if "HTTP_AUTHORIZATION" not in request.environ:
        return None  # nearly everybody
    if "staff" not in g:
        given = bearer()
        g.staff = house.tokens.person(given) if given else None
        if given and g.staff is None:
            raise Problem(401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
    caller: UUID | None = g.staff
    return caller


def signed_by_provider(house: House) -> Guard:
    """A guard that checks X-Twilio-Signature (https://www.twilio.com/docs/usage/security).

    The address that was signed is ours as configured; what Host or a proxy say is not asked. Either of
    two tokens may have signed, so that they can be rotated.
    """
    validators = [RequestValidator(token) for token in house.settings.twilio_auth_token]

    def check(_rule: Rule) -> None:
        query = request.query_string.decode("latin-1")
        address = f"{house.settings.public_url}{request.path}{'?' if query else ''}{query}"
        signature = request.headers.get("X-Twilio-Signature", "")
        # validate() itself tries the address with and without the scheme's own port.
        if not any(each.validate(address, request.form, signature) for each in validators):
            raise Problem(403, FORGED)

    return check
