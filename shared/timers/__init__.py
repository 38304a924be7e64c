"""Timers as rows: set and called off in the transaction of their cause, fired once, late rather than never."""

from shared.timers.firing import Fire, Timers, prune_fired
from shared.timers.tables import Timer, add_timers, cancel, schedule

__all__ = ["Fire", "Timer", "Timers", "add_timers", "cancel", "prune_fired", "schedule"]
