"""Walls in words: why somebody is kept out, how something came to be a subject, what was decided."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

_TOLD: Mapping[str, Any] = {
    "recused": lazy_gettext("stepped aside"),
    "named": lazy_gettext("is named"),
    "declared": lazy_gettext("is near to it"),
    "chain": lazy_gettext("is above somebody named"),
    "unit": lazy_gettext("works in the unit"),
    "organisation": lazy_gettext("works for the organisation"),
    "found": lazy_gettext("found in the text"),
    "open": lazy_gettext("waits for a decision"),
    "held": lazy_gettext("holds"),
    "lifted": lazy_gettext("not meant"),
    "about": lazy_gettext("it is about them"),
    "witness": lazy_gettext("witness"),
    "relative": lazy_gettext("relative or friend"),
}


def told(code: str) -> str:
    """A code in words; one nobody knows as it is."""
    return str(_TOLD.get(code, code))


def chart_line(unit: str | None, reports_to: str | None) -> str:
    """Where somebody works."""
    above = gettext("reports to %(name)s", name=reports_to) if reports_to else gettext("reports to nobody")
    return f"{unit or gettext('no unit')}, {above}"
