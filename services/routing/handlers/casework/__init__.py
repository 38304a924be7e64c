"""Changing one case: lock it, take steps that are events and history at once, write everything down."""

from services.routing.handlers.casework.closing import rewall
from services.routing.handlers.casework.ownership import (
    HandOver,
    by_hand,
    ensure_owner,
    give,
    keep_from_police,
    move_away,
    person_row,
    put_in_queue,
    raise_to,
    reroute,
    stand_in,
)
from services.routing.handlers.casework.states import move
from services.routing.handlers.casework.take_up import lock, take_up
from services.routing.handlers.casework.told import first_words
from services.routing.handlers.casework.work import Work

__all__ = [
    "HandOver",
    "Work",
    "by_hand",
    "ensure_owner",
    "first_words",
    "give",
    "keep_from_police",
    "lock",
    "move",
    "move_away",
    "person_row",
    "put_in_queue",
    "raise_to",
    "reroute",
    "rewall",
    "stand_in",
    "take_up",
]
