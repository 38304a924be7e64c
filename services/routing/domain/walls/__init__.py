"""The walls of a case: whom it must never reach, and why; every rule of conflict in one place."""

from services.routing.domain.walls.chart import Charts, Post, chart_at, concerned
from services.routing.domain.walls.exclusions import excluded_people
from services.routing.domain.walls.outside import beyond, goes_outside, outside
from services.routing.domain.walls.roster import Roster, Staff
from services.routing.domain.walls.subjects import (
    DECLARED,
    FOUND,
    NAMED,
    ORGANISATION,
    PERSON,
    UNIT,
    Subject,
)

__all__ = [
    "DECLARED",
    "FOUND",
    "NAMED",
    "ORGANISATION",
    "PERSON",
    "UNIT",
    "Charts",
    "Post",
    "Roster",
    "Staff",
    "Subject",
    "beyond",
    "chart_at",
    "concerned",
    "excluded_people",
    "goes_outside",
    "outside",
]
