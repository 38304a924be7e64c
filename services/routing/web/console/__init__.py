"""The console: where liaisons read what residents wrote, answer it and hand it over."""

from services.routing.web.console.routes import console

__all__ = ["console"]
