"""What staff do with a case. Each command locks it, refuses what was decided on stale ground, and returns
the case's new sequence; pages and programs use the same ones.
"""

from services.routing.handlers.commands.assign import accept, assign
from services.routing.handlers.commands.contact import log_contact
from services.routing.handlers.commands.recuse import recuse
from services.routing.handlers.commands.state import change_state
from services.routing.handlers.commands.write import note, reply

__all__ = ["accept", "assign", "change_state", "log_contact", "note", "recuse", "reply"]
