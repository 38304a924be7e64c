"""The web process of notifications, assembled."""

from pathlib import Path

from flask import Flask

from services.notifications.models import SOURCE, outbox
from services.notifications.web.status import status_callbacks
from shared.cities import load
from shared.clock import clock_for
from shared.config import Settings
from shared.db import connect
from shared.outbox import Outbox
from shared.outbox.backlog import outbox_is_full
from shared.outbox.bell import bell_for
from shared.web import app as web
from shared.web.health import database_answers
from shared.web.room import Room
from shared.web.signatures import signed_by_provider

POOL = 5


def create_app(settings: Settings) -> Flask:
    """The application. Asks nothing of the database yet: it may be away when a web process starts."""
    engine = connect(settings.database_url, pool_size=POOL)
    return assemble(
        settings, Outbox(engine, outbox, SOURCE, clock_for(engine, settings.clock_file), bell_for(engine))
    )


def assemble(settings: Settings, sending: Outbox) -> Flask:
    """The application on a database that is connected already."""
    room = Room(sending.engine, outbox_is_full)
    site = web.Site(
        service="notifications",
        folder=Path(__file__).parent,
        blueprints=[status_callbacks(sending)],
        guards={"signed": signed_by_provider(settings)},
        checks={"database": database_answers(sending.engine), "outbox": room.check},
        room=room,
        context={"city": load(settings.city)},
    )
    return web.create_app(site, settings)
