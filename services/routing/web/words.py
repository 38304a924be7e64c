"""What codes are called on staff pages, in the reader's language; a code nobody knows is shown as it is."""

from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale, gettext, lazy_gettext

from shared.cities import City, label


def reader() -> str:
    """The reader's language as city packs name it."""
    return str(get_locale()).replace("_", "-")


def category(city: City, code: str) -> str:
    """A category's label."""
    known = city.categories.get(code)
    return label(known.labels, reader()) if known else code


def district(city: City, code: str | None) -> str:
    """A district's label."""
    if code is None:
        return gettext("District not known")
    return label(city.districts[code].labels, reader()) if city.districts.knows(code) else code


def language(code: str) -> str:
    """A language in the reader's own: "Spanish"."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(get_locale())
    except (ValueError, UnknownLocaleError):
        return code
    return name[:1].upper() + name[1:] if name else code


def team(city: City, code: str | None) -> str:
    """A team's label."""
    return _labelled(city.teams, code) if code else gettext("No team")


def queue(city: City, code: str | None) -> str:
    """A queue's label."""
    return _labelled(city.queues, code) if code else gettext("No queue")


def organisation(city: City, code: str | None) -> str:
    """An organisation's label."""
    return _labelled(city.organisations, code) if code else gettext("No organisation")


def _labelled(known: Mapping[str, Any], code: str) -> str:
    return label(known[code].labels, reader()) if code in known else code


CHANNELS: Mapping[str, Any] = {
    "web": lazy_gettext("Web"),
    "sms": lazy_gettext("Text"),
    "api": lazy_gettext("App"),
    "import": lazy_gettext("Imported"),
    "open311": lazy_gettext("City app"),
    "phone": lazy_gettext("Phone"),
    "letter": lazy_gettext("Letter"),
    "walk-in": lazy_gettext("Walk-in"),
    "email": lazy_gettext("Email"),
}


def channel(code: str) -> str:
    """How something came in or went out."""
    return str(CHANNELS.get(code, code))


STATES: Mapping[str, Any] = {
    "new": lazy_gettext("New"),
    "quarantined": lazy_gettext("Being checked"),
    "in_review": lazy_gettext("In review"),
    "assigned": lazy_gettext("Assigned"),
    "in_progress": lazy_gettext("In progress"),
    "waiting_on_resident": lazy_gettext("Waiting on resident"),
    "in_mediation": lazy_gettext("In mediation"),
    "referred": lazy_gettext("Referred"),
    "resolved": lazy_gettext("Answered"),
    "closed": lazy_gettext("Closed"),
}


def state(code: str) -> str:
    """An internal state."""
    return str(STATES.get(code, code))


ROLES: Mapping[str, Any] = {
    "liaison": lazy_gettext("Liaison"),
    "partner": lazy_gettext("Partner liaison"),
    "supervisor": lazy_gettext("Supervisor"),
    "administrator": lazy_gettext("Administrator"),
    "oversight": lazy_gettext("Oversight"),
    "auditor": lazy_gettext("Auditor"),
}


def role(code: str) -> str:
    """A role."""
    return str(ROLES.get(code, code))


OUTCOMES: Mapping[str, Any] = {
    "action_taken": lazy_gettext("Something was done"),
    "policy_changed": lazy_gettext("A rule was changed"),
    "referred": lazy_gettext("Passed on to others"),
    "mediated": lazy_gettext("Settled in mediation"),
    "explained": lazy_gettext("Explained"),
    "withdrawn": lazy_gettext("Withdrawn by the resident"),
    "no_action": lazy_gettext("Nothing was done, and why"),
    "sustained": lazy_gettext("Finding: sustained"),
    "not_sustained": lazy_gettext("Finding: not sustained"),
    "exonerated": lazy_gettext("Finding: exonerated"),
    "unfounded": lazy_gettext("Finding: unfounded"),
}


def outcome(code: str) -> str:
    """What came of a case."""
    return str(OUTCOMES.get(code, code))


CLOCK_NAMES: Mapping[str, Any] = {
    "first_response": lazy_gettext("First answer"),
    "next_response": lazy_gettext("Next answer"),
    "resolution": lazy_gettext("Outcome"),
    "acceptance": lazy_gettext("Taking it up"),
}


def clock(code: str) -> str:
    """What a clock counts down to."""
    return str(CLOCK_NAMES.get(code, code))


WAY_NAMES: Mapping[str, Any] = {
    "call": lazy_gettext("Call"),
    "visit": lazy_gettext("Visit"),
    "letter": lazy_gettext("Letter"),
}


def way(code: str) -> str:
    """How a resident was spoken to besides in writing here."""
    return str(WAY_NAMES.get(code, code))


ABOUT: Mapping[str, Any] = {
    "me": lazy_gettext("It happened to the writer"),
    "my_child": lazy_gettext("It happened to the writer's child"),
    "someone_in_custody": lazy_gettext("It happened to someone in custody"),
    "someone_else": lazy_gettext("It happened to someone else"),
    "place": lazy_gettext("It is about a place"),
}


def about(code: str) -> str:
    """Who it happened to."""
    return str(ABOUT.get(code, code))


REACHED: Mapping[str, Any] = {
    "sms": lazy_gettext("They get it as a text."),
    "email": lazy_gettext("They get it by email."),
    "call": lazy_gettext("They asked for a call. They can also read it with their receipt."),
    "post": lazy_gettext("They asked for a letter. They can also read it with their receipt."),
    "partner": lazy_gettext("They asked to hear through the partner. They can also read it with their receipt."),
}


def reached(contact_by: str) -> str:
    """How a reply gets to the resident."""
    return str(REACHED.get(contact_by) or gettext("They read it with their receipt."))
