"""A member of staff's desk: one transaction, the person at it, and what she may see."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from services.routing.domain.sight import Actor, Sight, sight_of
from services.routing.office import Office
from shared.outbox import Transaction


@dataclass(frozen=True)
class Desk:
    """Everything a query or command needs. It lives as long as its transaction."""

    tx: Transaction
    actor: Actor
    office: Office
    sight: Sight = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sight", sight_of(self.actor))

    @property
    def conn(self) -> Connection:
        """The transaction's connection."""
        return self.tx.conn

    @property
    def now(self) -> datetime:
        """The transaction's moment."""
        return self.tx.now
