"""People as administrators see them, and a new one as a form brings them."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import gettext
from markupsafe import Markup

from services.routing.domain.refusals import Invalid
from services.routing.domain.roles import ROLES
from services.routing.handlers.people import NewPerson, PersonRow
from services.routing.web import words
from shared.cities import City

ROOT = "/admin/"


def roster(city: City, people: Sequence[PersonRow]) -> dict[str, Any]:
    """Everybody as a table, those who left too."""
    heads = [gettext("Login"), gettext("Name"), gettext("Role"), gettext("Team"), gettext("May sign in")]
    return {
        "columns": [{"label": label} for label in heads] + [{"label": gettext("Open cases"), "kind": "number"}],
        "rows": [_row(city, person) for person in people],
    }


def _row(city: City, person: PersonRow) -> list[Any]:
    link = Markup('<a href="{}people/{}">{}</a>').format(ROOT, person.login, person.login)
    active = gettext("yes") if person.active else gettext("no")
    away = gettext("%(active)s, away", active=active) if person.active and not person.available else active
    return [link, person.name, words.role(person.role), _place(city, person), away, person.open_cases]


def _place(city: City, person: PersonRow) -> str:
    if person.team:
        return words.team(city, person.team)
    return words.organisation(city, person.organisation) if person.organisation else ""


def facts(city: City, person: PersonRow) -> list[dict[str, str]]:
    """One person, row by row."""
    known = {
        gettext("Login"): person.login, gettext("Role"): words.role(person.role),
        gettext("Team or organisation"): _place(city, person), gettext("Unit"): person.unit,
        gettext("Badge"): person.badge, gettext("Reports to"): person.reports_to,
        gettext("Languages"): ", ".join(words.language(code) for code in person.languages),
        gettext("Open cases"): str(person.open_cases),
        gettext("May sign in"): gettext("yes") if person.active else gettext("no"),
    }  # fmt: skip
    return [{"label": name, "value": value} for name, value in known.items() if value]


def choices(city: City, people: Sequence[PersonRow]) -> dict[str, list[dict[str, str]]]:
    """What the form of a new person offers."""
    nobody = [{"value": "", "label": gettext("None")}]
    return {
        "roles": [{"value": role, "label": words.role(role)} for role in ROLES],
        "teams": nobody + [{"value": code, "label": words.team(city, code)} for code in city.teams],
        "superiors": nobody
        + [{"value": each.login, "label": f"{each.name} ({each.login})"} for each in people if each.active],
    }


def new_person(form: Mapping[str, str]) -> NewPerson:
    """The person a form describes. Raises Invalid for a language nobody knows."""
    given = {
        name: form.get(name, "").strip()
        for name in ("login", "name", "role", "team", "unit", "badge", "reports_to")
    }
    for name, longest in (("name", 200), ("unit", 200), ("badge", 80)):
        if len(given[name]) > longest:
            raise Invalid(f"/{name}", "too_long", gettext("Use at most %(longest)s characters.", longest=longest))
    return NewPerson(
        login=given["login"], name=given["name"], role=given["role"], team=given["team"] or None,
        unit=given["unit"] or None, badge=given["badge"] or None, reports_to=given["reports_to"] or None,
        languages=languages(form.get("languages", "")),
    )  # fmt: skip


def languages(written: str) -> tuple[str, ...]:
    """Codes out of "en, es". Raises Invalid."""
    codes = tuple(dict.fromkeys(written.replace(",", " ").split()))
    for code in codes:
        try:
            Locale.parse(code, sep="-")
        except (ValueError, UnknownLocaleError):
            message = gettext("%(code)s is no language. Write codes such as en, es.", code=code[:20])
            raise Invalid("/languages", "unknown_language", message) from None
    return codes
