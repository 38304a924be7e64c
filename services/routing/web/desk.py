"""Routing as the current application opened it."""

from typing import cast

from flask import current_app

from services.routing.service import Routing

EXTENSION = "commonground.routing"


def routing() -> Routing:
    """The routing of the application that answers."""
    return cast(Routing, current_app.extensions[EXTENSION])
