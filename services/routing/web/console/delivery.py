"""How the words we sent a resident fared, in words."""

from flask_babel import gettext

from services.routing.queries import Entry

TRAVELS_BY = ("sms", "email")


def fared(entry: Entry, contact_by: str) -> str:
    """Beside a reply: "delivered by text". Whoever is not sent to reads it with their receipt."""
    if entry.delivery is None:
        return gettext("on its way") if contact_by in TRAVELS_BY else gettext("to be read with the receipt")
    by = gettext("by email") if entry.channel == "email" else gettext("by text")
    said = {
        "accepted": gettext("sent %(by)s", by=by),
        "delivered": gettext("delivered %(by)s", by=by),
        "held": gettext("held back: %(why)s", why=why(entry.failure)),
        "unknown": gettext("unknown: we do not know whether it arrived; it is not sent again"),
    }
    return said.get(entry.delivery, gettext("not delivered %(by)s", by=by))


def failed(entry: Entry) -> str:
    """Below a reply that did not arrive: why, and what is still possible; empty for every other."""
    if entry.delivery not in ("undelivered", "failed"):
        return ""
    reason = why(entry.failure)
    return gettext("It did not arrive: %(why)s. They can still read it with their receipt.", why=reason)


def why(failure: str | None) -> str:
    """A class of failure as half a sentence."""
    not_a_phone = gettext("this number takes no texts")
    known = {
        "opted_out": gettext("they asked us not to text them"),
        "invalid_number": not_a_phone, "not_mobile": not_a_phone, "unknown_number": not_a_phone,
        "landline": not_a_phone,
        "region_not_allowed": gettext("we may not text numbers of that country"),
        "too_long": gettext("it is too long for a text"),
        "blocked": gettext("their phone blocks us"),
        "filtered": gettext("their phone company held it back"),
        "phone_unreachable": gettext("their phone is switched off or out of reach"),
        "not_configured": gettext("no provider is set up yet"),
        "consent_hold": gettext("a person must look at what they said about texts"),
        "out_of_date": gettext("it came too late to be of use"),
    }  # fmt: skip
    return known.get(failure or "", gettext("the provider did not take it"))
