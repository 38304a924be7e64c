"""For those who guard walls: the wall of a case, who has looked at it, changes of the chart."""

from services.routing.web.walls.routes import guarding

__all__ = ["guarding"]
