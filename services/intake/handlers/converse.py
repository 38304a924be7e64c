"""The conversation of a concern, for whoever holds its receipt: read it, and write back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from services.intake.domain import receipts
from services.intake.handlers.say import MESSAGE, Message, say
from services.intake.models import messages, public_history, submissions
from shared.mentions import Mentions
from shared.outbox import Outbox
from shared.sealing import KeyedHash, Keyring

#: Looked up when a receipt opens nothing, so that a miss asks the database the same questions as a hit.
NOBODY = UUID(int=0)


class UnknownReceipt(Exception):
    """No concern has this receipt."""


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of the conversation: `side` is "you" (the resident) or "us"."""

    at: datetime
    side: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What the resident was shown, since when."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A concern as its resident sees it. `sequence` grows with every change."""

    state: str
    history: Sequence[Change]
    said: Sequence[Said]
    sequence: int
    category: str
    kind: str
    district: str | None
    language: str
    channel: str
    received_at: datetime
    promised_at: datetime | None
    answered: bool


class Conversations:
    """Opens conversations by receipt."""

    def __init__(self, outbox: Outbox, keyring: Keyring, keyed: KeyedHash, mentions: Mentions) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self._keyed = keyed
        self._mentions = mentions

    def read(self, receipt: str) -> Conversation:
        """What the resident sees. Raises UnknownReceipt, after as much work as for a known one."""
        with self._outbox.engine.connect().execution_options(read_only=True) as conn, conn.begin():
            row = self._find(conn, receipt)
            item_id = row.id if row else NOBODY
            history = conn.execute(
                select(public_history)
                .where(public_history.c.item_id == item_id)
                .order_by(public_history.c.case_sequence)
            ).all()
            said = conn.execute(
                select(messages).where(messages.c.item_id == item_id).order_by(messages.c.at, messages.c.id)
            ).all()
        if row is None:
            raise UnknownReceipt(UnknownReceipt.__doc__)
        return self._conversation(row, history, said)

    def write(self, receipt: str, message: Message) -> None:
        """Add what the resident writes, once per message id. Raises UnknownReceipt."""
        message = replace(message, names_person=self._mentions.is_sensitive(message.text))
        with self._outbox.transaction() as tx:
            row = self._find(tx.conn, receipt)
            if row is None:
                raise UnknownReceipt(UnknownReceipt.__doc__)
            say(tx, row.id, self._keyring.open_key(row.key), message)

    def _find(self, conn: Connection, receipt: str) -> Row[Any] | None:
        wanted = self._keyed.digest("receipt", receipts.normalised(receipt))
        return conn.execute(
            select(submissions).where(submissions.c.receipt_hash == wanted, submissions.c.key.is_not(None))
        ).one_or_none()

    def _conversation(self, row: Row[Any], history: Sequence[Row[Any]], said: Sequence[Row[Any]]) -> Conversation:
        key = self._keyring.open_key(row.key)
        first: Any = key.unseal(row.sealed, "feedback.received")
        later: list[tuple[Row[Any], Any]] = [(each, key.unseal(each.sealed, MESSAGE)) for each in said]
        return Conversation(
            state=row.public_state,
            history=[
                Change(row.received_at, "received"),
                *(Change(each.at, each.state) for each in history),
            ],
            said=[
                Said(row.received_at, "you", first["text"]),
                *(Said(each.at, each.side, opened["text"]) for each, opened in later),
            ],
            sequence=row.sequence + row.case_sequence,
            category=row.category,
            kind=row.kind,
            district=row.district,
            language=row.language,
            channel=row.channel,
            received_at=row.received_at,
            promised_at=row.first_response_due_at,
            answered=row.answered_at is not None,
        )
