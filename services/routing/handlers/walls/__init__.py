"""Walls built, raised and lifted: what cases are about, who decides on it, and the chart they rest on."""

from services.routing.handlers.walls.deciding import agree, confirm, lift, propose
from services.routing.handlers.walls.naming import close_to, name
from services.routing.handlers.walls.reading import Reader
from services.routing.handlers.walls.subjects import enter

__all__ = ["Reader", "agree", "close_to", "confirm", "enter", "lift", "name", "propose"]
