"""Residents in a browser: what this is, tell us, follow up. No page needs a script."""

from flask import Blueprint

from services.intake.handlers.house import House
from services.intake.web.pages.frame import add_frame
from services.intake.web.pages.home import add_home
from services.intake.web.pages.report import add_report
from services.intake.web.pages.track import add_track
from shared.web.access import by_default, public


def resident_pages(house: House) -> Blueprint:
    """The pages at /, /report and /track."""
    pages = Blueprint("pages", __name__)
    by_default(pages, public)
    add_frame(pages, house)
    add_home(pages, house)
    add_report(pages, house)
    add_track(pages, house)
    return pages
