"""What was said in a case, opened with the case's key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select

from services.routing.desk import Desk
from services.routing.models import messages, people
from shared.sealing import ItemKey

#: What each kind of words was sealed for, who sees them, and under which name they lie inside.
KINDS = {
    "message": ("message.received", "in", "text"),
    "reply": ("reply.written", "out", "text"),
    "sentence": ("state.changed", "out", "sentence"),
    "note": ("note.added", "internal", "text"),
    "reason": ("reason", "internal", "text"),
    "contact": ("contact.logged", "internal", "text"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the resident told at first. Who they are is kept apart and not part of it."""

    text: str
    location: Any
    occurred_at: str | None
    about: str | None
    named_people: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was said. `author` is None for the resident; `direction` is in, out or internal."""

    id: UUID
    kind: str
    direction: str
    author: str | None
    at: datetime
    text: str
    channel: str | None
    delivery: str | None
    failure: str | None
    sequence: int


def conversation(desk: Desk, case: RowMapping) -> tuple[Story, tuple[Entry, ...]]:
    """The story and everything said since, in order. Raises CannotUnseal when the case was erased."""
    key = desk.office.keyring.open_key(case["key_wrapped"])
    wanted = (
        select(messages, people.c.name.label("author"))
        .join_from(messages, people, messages.c.author_id == people.c.id, isouter=True)
        .where(messages.c.case_id == case["id"])
        .order_by(messages.c.sequence, messages.c.at, messages.c.id)
    )
    rows = desk.conn.execute(wanted).mappings().all()
    opening = next(row for row in rows if row["kind"] == "opening")
    said = tuple(_entry(key, row) for row in rows if row["kind"] != "opening")
    return _story(key, case, opening["sealed"]), said


def _story(key: ItemKey, case: RowMapping, sealed: bytes) -> Story:
    told = key.unseal(sealed, "feedback.received")
    assert isinstance(told, dict)
    return Story(
        text=told.get("text", ""),
        location=told.get("location"),
        occurred_at=told.get("occurred_at"),
        about=case["about"],
        named_people=tuple(told.get("named_people") or ()),
    )


def _entry(key: ItemKey, row: RowMapping) -> Entry:
    sealed_for, direction, name = KINDS[row["kind"]]
    value = key.unseal(row["sealed"], sealed_for)
    assert isinstance(value, dict)
    return Entry(
        id=row["id"], kind=row["kind"], direction=direction, author=row["author"], at=row["at"],
        text=value[name], channel=row["channel"], delivery=row["delivery"], failure=row["failure"],
        sequence=row["sequence"],
    )  # fmt: skip
