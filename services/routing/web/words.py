"""What codes are called on staff pages, in the reader's language; a code nobody knows is shown as it is."""

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale, gettext

from shared.cities import City, label
from shared.cities.city import Labels


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
    return _labelled({code: each.labels for code, each in city.teams.items()}, code, gettext("No team"))


def queue(city: City, code: str | None) -> str:
    """A queue's label."""
    return _labelled({code: each.labels for code, each in city.queues.items()}, code, gettext("No queue"))


def organisation(city: City, code: str | None) -> str:
    """An organisation's label."""
    known = {code: each.labels for code, each in city.organisations.items()}
    return _labelled(known, code, gettext("No organisation"))


def _labelled(known: dict[str, Labels], code: str | None, nothing: str) -> str:
    if code is None:
        return nothing
    return label(known[code], reader()) if code in known else code


def channel(code: str) -> str:
    """How something came in or went out."""
    known = {
        "web": gettext("Web"), "sms": gettext("Text"), "api": gettext("App"), "import": gettext("Imported"),
        "open311": gettext("City app"), "phone": gettext("Phone"), "letter": gettext("Letter"),
        "walk-in": gettext("Walk-in"), "email": gettext("Email"),
    }  # fmt: skip
    return known.get(code, code)


def state(code: str) -> str:
    """An internal state."""
    known = {
        "new": gettext("New"), "quarantined": gettext("Being checked"), "in_review": gettext("In review"),
        "assigned": gettext("Assigned"), "in_progress": gettext("In progress"),
        "waiting_on_resident": gettext("Waiting on resident"), "in_mediation": gettext("In mediation"),
        "referred": gettext("Referred"), "resolved": gettext("Answered"), "closed": gettext("Closed"),
    }  # fmt: skip
    return known.get(code, code)


def role(code: str) -> str:
    """A role."""
    known = {
        "liaison": gettext("Liaison"), "partner": gettext("Partner liaison"),
        "supervisor": gettext("Supervisor"), "administrator": gettext("Administrator"),
        "oversight": gettext("Oversight"), "auditor": gettext("Auditor"),
    }  # fmt: skip
    return known.get(code, code)


def outcome(code: str) -> str:
    """What came of a case."""
    known = {
        "action_taken": gettext("Something was done"), "policy_changed": gettext("A rule was changed"),
        "referred": gettext("Passed on to others"), "mediated": gettext("Settled in mediation"),
        "explained": gettext("Explained"), "withdrawn": gettext("Withdrawn by the resident"),
        "no_action": gettext("Nothing was done, and why"), "sustained": gettext("Finding: sustained"),
        "not_sustained": gettext("Finding: not sustained"), "exonerated": gettext("Finding: exonerated"),
        "unfounded": gettext("Finding: unfounded"),
    }  # fmt: skip
    return known.get(code, code)


def about(code: str) -> str:
    """Who it happened to."""
    known = {
        "me": gettext("It happened to the writer"), "my_child": gettext("It happened to the writer's child"),
        "someone_in_custody": gettext("It happened to someone in custody"),
        "someone_else": gettext("It happened to someone else"), "place": gettext("It is about a place"),
    }  # fmt: skip
    return known.get(code, code)


def reached(contact_by: str) -> str:
    """How a reply gets to the resident."""
    known = {
        "sms": gettext("They get it as a text."),
        "email": gettext("They get it by email."),
        "call": gettext("They asked for a call. They can also read it with their receipt."),
        "post": gettext("They asked for a letter. They can also read it with their receipt."),
        "partner": gettext("They asked to hear through the partner. They can also read it with their receipt."),
    }  # fmt: skip
    return known.get(contact_by, gettext("They read it with their receipt."))
