"""Dead letters of one service: events no handler could handle, records that are no events, events never sent."""

from shared.deadletters.letters import Contents, DeadLetter, count_dead, list_dead, show
from shared.deadletters.replaying import Verdict, replay

__all__ = ["Contents", "DeadLetter", "Verdict", "count_dead", "list_dead", "replay", "show"]
