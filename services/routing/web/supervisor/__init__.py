"""For those who answer for others: how long people waited, who carries how much, what is about to breach."""

from services.routing.web.supervisor.routes import supervisor

__all__ = ["supervisor"]
