"""Follows what routing decides, as far as residents may know it: the state, the promise, our answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.intake.handlers.say import MESSAGE
from services.intake.models import messages, public_history, submissions
from shared.db import insert_new, update_rows
from shared.events import Event
from shared.events.sealed import open_sealed
from shared.outbox import Transaction
from shared.sealing import Keyring

Row = dict[str, Any]
KEPT = ("public_state", "case_sequence", "organisation", "first_response_due_at", "answered_at", "active_at")


class Following:
    """Projects the events of cases onto submissions: one read and three writes for a whole batch."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def follow(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Take over what the events say, in their order. Cases that did not begin here are left alone."""
        rows = _locked(tx, {event.subject for event in events})
        history: list[Row] = []
        said: list[Row] = []
        for event in events:
            row = rows.get(event.subject)
            if row is None or event.sequence <= row["case_sequence"]:
                continue
            if _apply(row, event):
                history.append(_change(row, event))
            said += self._answers(row, event)
        update_rows(tx.conn, submissions, "id", [_kept(row) for row in rows.values()])
        insert_new(tx.conn, public_history, history, returning="case_sequence")
        insert_new(tx.conn, messages, said, returning="id")

    def _answers(self, row: Row, event: Event) -> Iterable[Row]:
        """What we say to the resident in this event, sealed with the item's own key."""
        if event.name not in ANSWERS or not event.data.get("sealed") or row["key"] is None:
            return
        id_of, field = ANSWERS[event.name]
        _, words = open_sealed(self._keyring, event)
        key = self._keyring.open_key(row["key"])
        yield {
            "id": id_of(event),
            "item_id": event.subject,
            "side": "us",
            "channel": None,
            "at": _moment(event.data["at"]),
            "sealed": key.seal({"text": words[field]}, MESSAGE),
        }


#: Events that carry words to the resident: the message's id, and the field of the sealed part.
ANSWERS: Mapping[str, tuple[Callable[[Event], UUID], str]] = {
    "reply.written": (lambda event: UUID(event.data["message_id"]), "text"),
    "state.changed": (lambda event: event.id, "sentence"),
}


def _locked(tx: Transaction, subjects: set[UUID]) -> dict[UUID, Row]:
    """The submissions the events are about, locked in one order."""
    columns = [submissions.c[name] for name in ("id", "key", *KEPT)]
    wanted = select(*columns).where(submissions.c.id.in_(subjects)).order_by(submissions.c.id)
    return {row["id"]: dict(row) for row in tx.conn.execute(wanted.with_for_update()).mappings()}


def _apply(row: Row, event: Event) -> bool:
    """Take over one event; whether the resident's view of the state changed."""
    data = event.data
    before = row["public_state"]
    row["case_sequence"] = event.sequence
    row["public_state"] = data.get("public_state", before)
    row["organisation"] = data.get("organisation", row["organisation"])
    if "first_response_due_at" in data:
        row["first_response_due_at"] = _moment(data["first_response_due_at"])
    if event.name == "reply.written":
        row["answered_at"] = row["answered_at"] or _moment(data["at"])
        row["active_at"] = max(row["active_at"], _moment(data["at"]))
    return bool(row["public_state"] != before)


def _change(row: Row, event: Event) -> Row:
    return {
        "item_id": event.subject,
        "case_sequence": event.sequence,
        "state": row["public_state"],
        "at": event.time,
    }


def _kept(row: Row) -> Row:
    return {name: row[name] for name in ("id", *KEPT)}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
