"""The inbox: every event has its effect once, in order per subject, whatever comes twice, late or broken."""

from shared.inbox.consumer import Consumer
from shared.inbox.errors import BadDeploy, NotYet
from shared.inbox.kinds import Handler
from shared.inbox.tables import add_inbox

__all__ = ["BadDeploy", "Consumer", "Handler", "NotYet", "add_inbox"]
