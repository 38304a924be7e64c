"""Open hours: a calendar as a value, time counted only while it is open, and the moment after so much of it."""

from shared.hours.calendar import Calendar, Unreadable
from shared.hours.open_hours import OpenHours, Span

__all__ = ["Calendar", "OpenHours", "Span", "Unreadable"]
