"""For administrators: who works here, and how the city is arranged."""

from services.routing.web.admin.routes import admin

__all__ = ["admin"]
