"""Routing rules in pages: which hold, how they are written, tried, rehearsed and approved. Never a story."""

from services.routing.web.rules.routes import rules

__all__ = ["rules"]
