"""Routing's web process, assembled."""

from pathlib import Path

from flask import Flask

from services.routing.domain.refusals import Refusal
from services.routing.models import limits
from services.routing.service import Routing
from services.routing.web.access import with_session, with_token
from services.routing.web.account import account
from services.routing.web.account.guesses import BY_ACCOUNT, BY_ADDRESS
from services.routing.web.admin import admin
from services.routing.web.api import staff_api
from services.routing.web.console import console
from services.routing.web.desk import EXTENSION
from services.routing.web.refusals import as_gone, as_problem
from services.routing.web.rules import rules
from services.routing.web.supervisor import supervisor
from services.routing.web.walls import guarding
from shared.config import Settings
from shared.outbox.backlog import outbox_is_full
from shared.sealing import CannotUnseal
from shared.web.api import ApiSpec
from shared.web.app import Site
from shared.web.app import create_app as create_site
from shared.web.errors import answer
from shared.web.health import database_answers
from shared.web.limits.database import DatabaseLimiter
from shared.web.limits.limited import Limiter
from shared.web.limits.rate import Rate
from shared.web.room import Room

POOL = 10
#: Guesses at one account from everywhere: more than from one address, so that nobody locks others out lightly.
ADDRESSES_PER_ACCOUNT = 5


def create_app(settings: Settings) -> Flask:
    """The application. Asks nothing of the database yet: it may be away when a web process starts."""
    routing = Routing.assemble(settings, pool_size=POOL)
    room = Room(routing.engine, outbox_is_full)
    site = Site(
        service="routing",
        folder=Path(__file__).parent,
        blueprints=[account, console, guarding, supervisor, admin, rules],
        apis=[
            ApiSpec("Common Ground for staff", "/api/staff/openapi.json", [staff_api(routing.office.city)]),
        ],
        guards={"staff": with_session, "staff_token": with_token},
        limiters=_limiters(routing, settings),
        checks={"database": database_answers(routing.engine), "outbox": room.check},
        room=room,
        context={
            "city": routing.office.city,
            "public_url": settings.public_url,
            "home_url": "/account/",  # pages that know who reads them name a better one
        },
        for_staff=True,
    )
    app = create_site(site, settings)
    app.extensions[EXTENSION] = routing
    app.register_error_handler(Refusal, lambda refusal: answer(as_problem(refusal)))
    app.register_error_handler(CannotUnseal, lambda error: answer(as_gone(error)))
    return app


def _limiters(routing: Routing, settings: Settings) -> dict[str, Limiter]:
    """Guesses are counted where all processes see them: per address and per account."""
    rate, everybody = Rate.parse(settings.limit_sign_in), Rate.parse(settings.limit_service)
    from_everywhere = Rate(rate.amount * ADDRESSES_PER_ACCOUNT, rate.period_s)

    def counting(name: str, allowed: Rate) -> Limiter:
        return DatabaseLimiter(routing.engine, limits, routing.clock, name, allowed, everybody, settings.secret_key)

    return {
        BY_ADDRESS: counting(BY_ADDRESS, rate),
        BY_ACCOUNT: counting(BY_ACCOUNT, from_everywhere),
    }
