"""The outbox: events are written in the transaction of their effect and sent afterwards."""

from shared.outbox.tables import add_outbox
from shared.outbox.transaction import Outbox, Transaction, advance

__all__ = ["Outbox", "Transaction", "add_outbox", "advance"]
