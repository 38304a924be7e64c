"""How a person works, as a form shows and brings it."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext

from services.routing.domain.refusals import Invalid
from services.routing.handlers.people import Work


def as_fields(work: Work) -> dict[str, str]:
    """What the form shows."""
    return {
        "skills": " ".join(work.skills),
        "shift": work.shift or "",
        "away": "\n".join(f"{first} {last}" for first, last in work.away),
        "cap": "" if work.cap is None else str(work.cap),
        "weight": str(work.weight),
    }


def from_form(form: Mapping[str, str]) -> Work:
    """What the form says. Raises Invalid with the field."""
    given = {name: form.get(name, "").strip() for name in ("skills", "shift", "away", "cap", "weight")}
    if len(given["shift"]) > 200:
        raise Invalid("/shift", "too_long", gettext("Use at most %(longest)s characters.", longest=200))
    return Work(
        skills=tuple(given["skills"].replace(",", " ").split()),
        shift=given["shift"] or None,
        away=tuple(_period(line) for line in given["away"].splitlines() if line.strip()),
        cap=_number("cap", given["cap"]) if given["cap"] else None,
        weight=_number("weight", given["weight"] or "100"),
    )


def _period(line: str) -> tuple[date, date]:
    days = line.replace(",", " ").split()
    try:
        first, last = (date.fromisoformat(day) for day in (days[0], days[-1]))
    except ValueError:
        message = gettext("Write each time away as two days, such as 2026-12-24 2026-12-31.")
        raise Invalid("/away", "malformed_period", message) from None
    return first, last


def _number(name: str, written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) <= 6):
        raise Invalid(f"/{name}", "no_number", gettext("Write a whole number."))
    return int(written)
