"""What every staff page shows around its matter: where one may go, who is signed in, how times are said."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from flask import get_template_attribute
from flask_babel import get_locale, gettext

from services.routing.domain.roles import MANAGE_PEOPLE, MEASURE, READ, READ_RULES, RIGHTS, WRITE_RULES, may
from services.routing.domain.sight import Actor
from services.routing.web import words
from shared.cities import City
from shared.design import moments

#: Liaisons and partners measure by program; the pages are for those who answer for others.
SUPERVISING = ("supervisor", "oversight", "auditor")
READING = ("liaison", "partner", *SUPERVISING)
MANAGING = ("administrator",)
GUARDING = ("oversight", "auditor")
READING_RULES = tuple(role for role, rights in RIGHTS.items() if READ_RULES in rights)
WRITING_RULES = tuple(role for role, rights in RIGHTS.items() if WRITE_RULES in rights)

INBOX, TIMES, LOAD, BREACH, PEOPLE, PLACES, RULES = "inbox", "times", "load", "breach", "people", "places", "rules"
CHART = "chart"


def frame(actor: Actor, city: City, now: datetime, current: str = "") -> dict[str, Any]:
    """The names `design/staff.html` understands, and functions for times."""
    return {
        "sections": sections(actor, current),
        "me": {"id": actor.id, "name": actor.name, "role": actor.role},
        "account_url": "/account/",
        "home_url": home(actor),
        "now": now,
        "true_for": now.astimezone(city.time_zone).strftime("%H:%M") if current in (TIMES, LOAD, BREACH) else "",
        **sayings(city.time_zone, now),
    }


def home(actor: Actor) -> str:
    """Where a person begins."""
    return "/admin/" if may(actor.role, MANAGE_PEOPLE) else "/console/"


def sections(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The parts of the house open to the person's role."""
    ways = []
    if may(actor.role, READ):
        ways += [(INBOX, "/console/", gettext("Inbox"))]
    if may(actor.role, MEASURE) and actor.role in SUPERVISING:
        ways += [
            (TIMES, "/supervisor/", gettext("Response times")),
            (LOAD, "/supervisor/load", gettext("Load")),
            (BREACH, "/supervisor/breach", gettext("About to breach")),
        ]
    if actor.role in GUARDING:
        ways += [(CHART, "/console/chart", gettext("Chart"))]
    if may(actor.role, MANAGE_PEOPLE):
        ways += [(PEOPLE, "/admin/", gettext("People")), (PLACES, "/admin/places", gettext("Teams and queues"))]
    if may(actor.role, READ_RULES):
        ways += [(RULES, "/admin/rules/", gettext("Rules"))]
    return [{"href": href, "label": label, "current": name == current} for name, href, label in ways]


def sayings(zone: tzinfo, now: datetime) -> Mapping[str, Callable[..., str]]:
    """Times said in the city's zone and the reader's language; `when` and the shorter `brief` have the exact moment
    behind them.
    """
    moment = get_template_attribute("design/parts/page.html", "moment")

    def spoken(at: datetime) -> str:
        return moments.spoken(at, now, zone, get_locale(), gettext)

    def exact(at: datetime) -> str:
        return moments.exact(at, zone, get_locale())

    def when(at: datetime) -> str:
        said: str = moment(at, spoken(at), exact(at))
        return said

    def brief(at: datetime) -> str:
        said: str = moment(at, moments.brief(at, now, zone, get_locale()), exact(at))
        return said

    return {
        "spoken": spoken,
        "exact": exact,
        "when": when,
        "brief": brief,
        "span": lambda seconds: moments.span(seconds, gettext),
        "clock": words.clock,
    }
