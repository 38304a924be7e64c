"""Gives dead letters back to the worker, which handles them like any event: once, and in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, select, update

from shared.deadletters.letters import INBOX_DEAD, OUTBOX_DEAD
from shared.events import Event, Undecodable, from_record
from shared.events.catalogue import BY_TYPE
from shared.inbox.handling import handled_among, last_sequences
from shared.inbox.parking import record_of
from shared.inbox.pruning import SURELY_KEPT
from shared.inbox.tables import PARKED, Reason
from shared.outbox.backlog import OUTBOX

#: Topics where the last event of a subject wins, so that none waits for the one before it.
LAST_WINS = frozenset(entry.topic for entry in BY_TYPE.values() if not entry.gapless)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a replay does, or in a dry run would do, with one letter.

    `outcome` is "tried" (the worker takes it next), "waits" (behind an earlier event of its subject),
    "known" (handled meanwhile; the letter is dropped), "stays" (still no event, or its number was used before)
    or "sent" (goes to the bus).
    """

    id: UUID
    outcome: str
    about: str


def replay(
    conn: Connection, now: datetime, ids: Sequence[UUID] | None = None, *, dry_run: bool = False
) -> list[Verdict]:
    """Give the dead letters of these ids, or all of them, back to the worker; what becomes of each.

    In a dry run nothing is changed. Replaying twice is harmless: what was handled is known by then.
    """
    verdicts = [_replay_came(conn, row, now, dry_run=dry_run) for row in conn.execute(_chosen_came(ids)).all()]
    return verdicts + [
        _replay_unsent(conn, row, dry_run=dry_run) for row in conn.execute(_chosen_unsent(ids)).all()
    ]


def _chosen_came(ids: Sequence[UUID] | None) -> Any:
    query = select(PARKED).where(INBOX_DEAD).order_by(PARKED.c.source, PARKED.c.subject, PARKED.c.sequence)
    return query if ids is None else query.where(PARKED.c.event_id.in_(ids))


def _chosen_unsent(ids: Sequence[UUID] | None) -> Any:
    query = select(OUTBOX.c.id, OUTBOX.c.event_id).where(OUTBOX_DEAD).order_by(OUTBOX.c.id)
    return query if ids is None else query.where(OUTBOX.c.event_id.in_(ids))


def _replay_unsent(conn: Connection, row: Row[Any], *, dry_run: bool) -> Verdict:
    if not dry_run:
        alive = {"dead_at": None, "attempts": 0, "error": None}
        conn.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(alive))
    return Verdict(row.event_id, "sent", "the relay sends it next")


def _replay_came(conn: Connection, row: Row[Any], now: datetime, *, dry_run: bool) -> Verdict:
    try:
        event = from_record(record_of(row))
    except Undecodable as error:
        return Verdict(row.event_id, "stays", f"still no event: {error}")
    outcome, about = _judge(conn, row, event, now)
    if not dry_run and outcome != "stays":
        _apply(conn, row, event, now, known=outcome == "known")
    return Verdict(row.event_id, outcome, about)


def _is_reused(conn: Connection, row: Row[Any], event: Event, now: datetime) -> bool:
    """Whether another event had its number: so it was found once, or so it can be found now."""
    if row.reason == Reason.REUSED:
        return True
    young = row.topic not in LAST_WINS and event.time > now - SURELY_KEPT
    return young and not handled_among(conn, row.consumer, [event.id])


def _judge(conn: Connection, row: Row[Any], event: Event, now: datetime) -> tuple[str, str]:
    key = (event.source, event.subject)
    last = last_sequences(conn, row.consumer, [key]).get(key, 0)
    if event.sequence <= last and _is_reused(conn, row, event, now):
        return "stays", f"another event had number {event.sequence} of its subject: do by hand what this one says"
    if event.sequence <= last:
        return "known", "handled already, or older than what is known"
    if event.sequence > last + 1 and row.topic not in LAST_WINS:
        return "waits", f"waits for sequence {last + 1} of its subject"
    return "tried", "the worker tries it next"


def _apply(conn: Connection, row: Row[Any], event: Event, now: datetime, *, known: bool) -> None:
    """Make it an ordinary parked event that is due; a record that was no event gets its event's identity."""
    this = (PARKED.c.consumer == row.consumer, PARKED.c.event_id == row.event_id)
    other = (PARKED.c.consumer == row.consumer, PARKED.c.event_id == event.id)
    twice = row.event_id != event.id and conn.execute(select(PARKED.c.event_id).where(*other)).first() is not None
    if known or twice:
        conn.execute(delete(PARKED).where(*this))
        return
    alive = {
        "event_id": event.id, "type": event.type, "source": event.source, "subject": event.subject,
        "sequence": event.sequence, "reason": Reason.FAILED, "attempts": 0, "waits": 0, "next_try_at": now,
    }  # fmt: skip
    conn.execute(update(PARKED).where(*this, INBOX_DEAD).values(alive))
