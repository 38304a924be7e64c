"""Figures over cases, exact and in SQL; supervisors' pages and programs ask the same functions."""

from services.routing.reports.behind import behind, carried
from services.routing.reports.response_times import GROUPS, Line, response_times

__all__ = ["GROUPS", "Line", "behind", "carried", "response_times"]
