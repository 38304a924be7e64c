"""Decisions as they are made: under the rules in force, with the people who are there, kept for a replay."""

from services.routing.handlers.deciding.bench import Bench
from services.routing.handlers.deciding.residents import owners_before, resident_of
from services.routing.handlers.deciding.story import SILENCE, TOLD, Heard, facts_of, facts_of_event, heard

__all__ = [
    "SILENCE",
    "TOLD",
    "Bench",
    "Heard",
    "facts_of",
    "facts_of_event",
    "heard",
    "owners_before",
    "resident_of",
]
