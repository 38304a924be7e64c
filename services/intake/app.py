"""Intake's web process, assembled."""

from pathlib import Path

from flask import Flask

from services.intake.handlers.house import House
from services.intake.models import rate_limits
from services.intake.web.api import resident_api
from services.intake.web.callers import show_receipt, signed_by_provider
from services.intake.web.pages import resident_pages
from services.intake.web.webhook import webhooks
from shared.cities import load
from shared.clock import clock_for
from shared.config import Settings
from shared.db import connect
from shared.outbox.backlog import outbox_is_full
from shared.outbox.bell import bell_for
from shared.web import app as web
from shared.web.api import ApiSpec
from shared.web.health import database_answers
from shared.web.limits.database import DatabaseLimiter
from shared.web.limits.limited import Limiter
from shared.web.limits.memory import MemoryLimiter
from shared.web.limits.rate import Rate
from shared.web.room import Room

POOL = 10
#: A request whose database does not answer for so long is answered 503, well before the proxy gives it up.
HELD_AT_MOST_S = 10.0
#: Where the application keeps its House.
EXTENSION = "commonground.intake"


def create_app(settings: Settings) -> Flask:
    """The application. Asks nothing of the database yet: it may be away when a web process starts."""
    engine = connect(settings.database_url, pool_size=POOL, held_at_most_s=HELD_AT_MOST_S)
    clock = clock_for(engine, settings.clock_file)
    house = House.build(settings, load(settings.city), engine, clock, bell_for(engine))
    room = Room(engine, outbox_is_full)
    site = web.Site(
        service="intake",
        folder=Path(__file__).parent,
        blueprints=[resident_pages(house), webhooks(house)],
        apis=[ApiSpec("Common Ground for residents", "/api/openapi.json", [resident_api(house)])],
        guards={"receipt": show_receipt, "signed": signed_by_provider(house)},
        limiters=_limiters(house),
        checks={"database": database_answers(engine), "outbox": room.check},
        room=room,
        context={"city": house.city},
    )
    app = web.create_app(site, settings)
    app.extensions[EXTENSION] = house
    return app


def _limiters(house: House) -> dict[str, Limiter]:
    """Concerns are counted in memory, for speed; guesses at receipts where all processes see them."""
    settings = house.settings
    return {
        "feedback": MemoryLimiter("feedback", Rate.parse(settings.limit_feedback), settings.secret_key),
        "track": DatabaseLimiter(
            house.engine,
            rate_limits,
            house.clock,
            "track",
            Rate.parse(settings.limit_track),
            Rate.parse(settings.limit_service),
            settings.secret_key,
        ),
    }
