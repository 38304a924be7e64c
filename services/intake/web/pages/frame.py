"""What every resident page knows: how times are said, and where Leave goes."""

from datetime import datetime
from typing import Any

from babel import Locale
from flask import Blueprint
from flask_babel import get_locale, gettext

from services.intake.handlers.house import House
from shared.design import moments

LEAVE = "/track/leave"


def reader() -> Locale:
    """The reader's language."""
    return get_locale() or Locale("en")


def reader_tag() -> str:
    """The same as city packs and browsers name it."""
    return str(reader()).replace("_", "-")


def add_frame(pages: Blueprint, house: House) -> None:
    """Give the templates `spoken`, `exact` and `leave_url`."""
    zone = house.city.time_zone

    def spoken(at: datetime) -> str:
        return moments.spoken(at, house.clock.now(), zone, reader(), gettext)

    def exact(at: datetime) -> str:
        return moments.exact(at, zone, reader())

    @pages.context_processor
    def names() -> dict[str, Any]:
        return {"spoken": spoken, "exact": exact, "leave_url": LEAVE}
