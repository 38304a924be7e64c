"""One locked case being changed: each step moves its sequence, is published and stands in its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.routing.domain.refusals import Impossible
from services.routing.domain.states import OPEN
from services.routing.handlers.casework.clocks import Clocks
from services.routing.handlers.loads import shift_loads
from services.routing.models import cases, history, messages
from services.routing.office import Office
from shared.db import insert_rows
from shared.events.sealed import seal_for, sealed_fields
from shared.ids import new_id
from shared.outbox import Transaction
from shared.sealing import ItemKey

#: What history keeps of an event is all but the sealed words: those stand in the conversation.
SEALED_FIELDS = ("key", "sealed")


@dataclass
class Work:
    """A case whose row is locked. `case` shows it as it will be; nothing is written before `save`.

    `steps` are those not yet written.
    """

    tx: Transaction
    office: Office
    case: dict[str, Any]
    actor_id: UUID | None
    #: Its owner has left and there is nobody else: it stays hers until the sweep finds somebody.
    without_anybody: bool = field(default=False, init=False)
    _before: Mapping[str, Any] = field(init=False)
    steps: list[dict[str, Any]] = field(default_factory=list)
    _words: list[dict[str, Any]] = field(default_factory=list)
    _key: ItemKey | None = None

    def __post_init__(self) -> None:
        self._before = dict(self.case)

    @property
    def now(self) -> datetime:
        """The moment of every step."""
        return self.tx.now

    @property
    def key(self) -> ItemKey:
        """The case's key, opened when first needed."""
        if self._key is None:
            self._key = self.office.keyring.open_key(self.case["key_wrapped"])
        return self._key

    def clocks(self) -> Clocks:
        """What its history proves so far."""
        return Clocks(self.tx.conn, self.office.terms, self.case, self.steps)

    def step(self, name: str, data: Mapping[str, Any], certificate: dict[str, Any] | None = None) -> UUID:
        """Something happened: publish it and write it into the history; the event's id."""
        self.case["sequence"] += 1
        self.steps.append(
            {
                "case_id": self.case["id"],
                "sequence": self.case["sequence"],
                "type": name,
                "at": self.now,
                "actor_id": self.actor_id,
                "data": {field: value for field, value in data.items() if field not in SEALED_FIELDS},
                "certificate": certificate,
            }
        )
        return self.tx.emit(name, self.case["id"], self.case["sequence"], data)

    def seal(self, name: str, value: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
        """The words sealed for the event, as bytes to keep and as the event's fields."""
        sealed = seal_for(self.key, name, value)
        return sealed, sealed_fields(self.key, sealed)

    def keep(self, kind: str, sealed: bytes, **more: Any) -> None:
        """Keep words in the conversation, at the place of the last step."""
        self._words.append(
            {
                "id": new_id(),
                "case_id": self.case["id"],
                "sequence": self.case["sequence"],
                "kind": kind,
                "author_id": self.actor_id,
                "channel": None,
                "at": self.now,
                "sealed": sealed,
                **more,
            }
        )

    def keep_reason(self, reason: str | None) -> None:
        """A person's own reason may name somebody, so it stays sealed beside the step and off the bus."""
        if reason and reason.strip():
            self.keep("reason", seal_for(self.key, "reason", {"text": reason.strip()}))

    def save(self) -> int:
        """Write the case, its history, its conversation and its clocks, and move the loads; the new sequence.

        Raises Impossible when the owner was disabled meanwhile: nothing of the transaction may stay.
        """
        if self.steps:
            self.clocks().keep()
        changed = {name: value for name, value in self.case.items() if value != self._before[name]}
        if not changed:
            return int(self.case["sequence"])
        changed["updated_at"] = self.now
        self.tx.conn.execute(update(cases).where(cases.c.id == self.case["id"]).values(changed))
        insert_rows(self.tx.conn, history, self.steps)
        insert_rows(self.tx.conn, messages, self._words)
        left = shift_loads(self.tx.conn, [(bears(self._before), -1), (bears(self.case), 1)])
        if left and not self.without_anybody:
            raise Impossible("Whoever this was to go to has just left. Try again.")
        self.steps, self._words, self._before = [], [], dict(self.case)
        return int(self.case["sequence"])


def bears(case: Mapping[str, Any]) -> UUID | None:
    """Whose load the case is; nobody's when it is done or waits in a queue."""
    owner: UUID | None = case["owner_id"] if case["state"] in OPEN else None
    return owner
