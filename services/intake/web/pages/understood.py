"""What we understood, shown before anything is kept: rows to read over, and who will read it first."""

from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from flask_babel import gettext

from services.intake.domain.concern import Concern
from services.intake.handlers.house import House
from services.intake.web.pages.answers import Answers
from services.intake.web.pages.frame import reader, reader_tag
from shared.cities import label


def rows(house: House, concern: Concern, answers: Answers) -> list[dict[str, str]]:
    """Question and answer, in the order of the form."""
    return [
        {"question": gettext("What happened"), "answer": concern.text},
        {"question": gettext("What it is about"), "answer": _category(house, concern)},
        {"question": gettext("Where"), "answer": _where(house, concern, answers)},
        {"question": gettext("When"), "answer": _when(concern)},
        {"question": gettext("Who from the police"), "answer": answers["named"].strip() or _open()},
        {"question": gettext("How we reach you"), "answer": _reach(concern)},
        {"question": gettext("Your language"), "answer": _language(concern.language)},
    ]


def first_reader(house: House, concern: Concern) -> str:
    """Who opens it first, in a sentence; the same rule that routing follows."""
    if concern.preferred_partner == "partner":
        partner = _partner(house, concern.partner) or gettext("A community partner")
        return gettext(
            "%(partner)s reads this first. No police account opens it unless you agree.", partner=partner
        )
    if concern.names_person or house.city.is_guarded(concern.category):
        return gettext("People outside the police read this first.")
    if partner := _partner(house, concern.partner):
        return gettext("%(partner)s reads this first.", partner=partner)
    return gettext("A liaison of the police department reads this first.")


def _partner(house: House, code: str | None) -> str:
    known = house.city.organisations.get(code or "")
    return label(known.labels, reader_tag()) if known else ""


def _open() -> str:
    return gettext("You left this open.")


def _category(house: House, concern: Concern) -> str:
    return label(house.city.categories[concern.category].labels, reader_tag())


def _where(house: House, concern: Concern, answers: Answers) -> str:
    district = house.city.districts[concern.district].labels if concern.district else None
    parts = [answers["address"].strip(), label(district, reader_tag()) if district else ""]
    return " · ".join(part for part in parts if part) or _open()


def _when(concern: Concern) -> str:
    at = concern.document["occurred_at"]
    return format_date(datetime.fromisoformat(at), "full", locale=reader()) if at else _open()


def _reach(concern: Concern) -> str:
    contact = concern.document["contact"] or {}
    if concern.anonymous:
        return gettext("Not at all: you stay unknown and come back with your receipt.")
    ways = ", ".join(contact[name] for name in ("name", "phone", "email") if name in contact)
    if concern.contact_by == "partner":
        return gettext("Only through a community partner. %(ways)s", ways=ways).strip()
    return ways


def _language(tag: str) -> str:
    try:
        name = Locale.parse(tag, sep="-").get_display_name(reader())
    except (ValueError, UnknownLocaleError):
        return tag
    return (name or tag).capitalize()
