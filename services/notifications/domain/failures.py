"""Why a message was not taken or did not arrive: one class per reason, whatever the provider's code.

Codes: https://www.twilio.com/docs/api/errors
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Failure:
    """A class of failure. `retry`: the provider surely did not take it and may take it later.

    `opt_out`: the number told the provider to stop. `ours`: nothing is wrong with the message,
    the provider is away or refuses us; it counts against the provider's breaker.
    """

    name: str
    retry: bool = False
    opt_out: bool = False
    ours: bool = False


OPTED_OUT = Failure("opted_out", opt_out=True)
INVALID_NUMBER = Failure("invalid_number")
NOT_MOBILE = Failure("not_mobile")
REGION = Failure("region_not_allowed")
TOO_LONG = Failure("too_long")
BLOCKED = Failure("blocked")
UNKNOWN_NUMBER = Failure("unknown_number")
LANDLINE = Failure("landline")
FILTERED = Failure("filtered")
REFUSED = Failure("refused")
UNREADABLE = Failure("unreadable")
UNSENDABLE = Failure("unsendable")
ADDRESS = Failure("address_not_supported")
PHONE_UNREACHABLE = Failure("phone_unreachable", retry=True)
THROTTLED = Failure("throttled", retry=True, ours=True)
ACCOUNT = Failure("account_refused", retry=True, ours=True)
# What we send from does not fit the number that somebody gave us; that says nothing about other numbers.
SENDER = Failure("account_refused", retry=True)
UNREACHABLE = Failure("provider_unreachable", retry=True, ours=True)
LATE = Failure("not_started_in_time", retry=True)
LATER = Failure("refused_for_now", retry=True)

# Not failures of a provider: why a message is held or will not go out.
NOT_CONFIGURED = Failure("not_configured")
CONSENT_HOLD = Failure("consent_hold")
OUT_OF_DATE = Failure("out_of_date")
NO_ANSWER = Failure("no_answer", ours=True)

BY_CODE: Mapping[int, Failure] = MappingProxyType(
    {
        20003: ACCOUNT,
        20005: ACCOUNT,
        20429: THROTTLED,
        21211: INVALID_NUMBER,
        21212: ACCOUNT,
        21217: INVALID_NUMBER,
        21408: REGION,
        21603: ACCOUNT,
        21606: SENDER,
        21610: OPTED_OUT,
        21614: NOT_MOBILE,
        21617: TOO_LONG,
        21659: SENDER,
        21660: ACCOUNT,
        21701: ACCOUNT,
        21703: SENDER,
        21704: ACCOUNT,
        21705: ACCOUNT,
        30001: THROTTLED,
        30002: ACCOUNT,
        30003: PHONE_UNREACHABLE,
        30004: BLOCKED,
        30005: UNKNOWN_NUMBER,
        30006: LANDLINE,
        30007: FILTERED,
    }
)


def failure_of(code: int | None, status: int | None = None) -> Failure:
    """The class of a provider's error code, else of the HTTP status it came with.

    A message has no address of its own yet: 404 says that there is no such account.
    """
    known = BY_CODE.get(code) if code is not None else None
    if known is not None:
        return known
    if status in (401, 402, 403, 404):
        return ACCOUNT
    return THROTTLED if status == 429 else REFUSED
