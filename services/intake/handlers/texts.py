"""Takes in text messages: each becomes a case, a reply on a case, a change of consent, or waits in quarantine.

Somebody who asks in their own words for texts to end gets two things: a hold on texts to the number at
once, and a person who reads what they wrote, as a case or a reply. Only bare keywords stay unread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import IntegrityError

from services.intake.domain.commands import Command, command, may_answer, may_call
from services.intake.domain.refusals import refuses_texts
from services.intake.domain.threads import LIVE_FOR, Thread, continued, stands_apart
from services.intake.handlers.accept.offer import received_data, submission_row
from services.intake.handlers.say import Message, say
from services.intake.handlers.understand import Understanding
from services.intake.models import audit, contact_points, entry, inbound_texts, submissions
from shared.db import insert_new, insert_rows
from shared.events.sealed import phone_hash, seal_for
from shared.ids import new_id
from shared.outbox import Outbox, Transaction, advance
from shared.sealing import KeyedHash, Keyring


class TextReused(Exception):
    """The message id came before with other content."""


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text as the provider handed it over.

    `media` holds (address, content type) of pictures, `opt_out` what the provider already took the text for.
    """

    sid: str
    sender: str
    body: str
    media: Sequence[tuple[str, str]] = ()
    opt_out: Command | None = None

    def content(self) -> str:
        """What makes it the same text again."""
        return orjson.dumps([self.sender, self.body, self.media]).decode()

    def words(self) -> str:
        """The body, and for pictures a line that says so."""
        if not self.media:
            return self.body
        pictures = f"{len(self.media)} × picture or file"
        return f"{self.body}\n[{pictures}]" if self.body.strip() else f"[{pictures}, no words]"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a text."""

    outcome: str
    item_id: UUID


class Texts:
    """The door for texts."""

    def __init__(self, outbox: Outbox, keyring: Keyring, keyed: KeyedHash, understanding: Understanding) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self._keyed = keyed
        self._understanding = understanding

    def receive(self, text: InboundText) -> Taken:
        """Store it once and say what became of it. Raises TextReused when the id came with other content."""
        try:
            return self._once(text)
        except IntegrityError:
            # The same id came at the same moment for another number; now it can be seen.
            return self._once(text)

    def _once(self, text: InboundText) -> Taken:
        content = self._keyed.digest("text", text.content())
        with self._outbox.transaction() as tx:
            point = self._lock(tx, phone_hash(self._keyed, text.sender))
            earlier = _earlier(tx.conn, text.sid)
            if earlier is not None:
                if earlier.body_hash != content:
                    raise TextReused(text.sid)
                return Taken(earlier.outcome, earlier.item_id)
            taken = self._take(tx, point, text)
            insert_rows(tx.conn, inbound_texts, [self._row(tx, text, content, taken)])
            return taken

    def _lock(self, tx: Transaction, number: bytes) -> Row[Any]:
        """The number's row, made when it is new, held until the commit."""
        row = {"id": new_id(), "phone_hash": number, "since": tx.now}
        insert_new(tx.conn, contact_points, [row], returning="id")
        held = select(contact_points).where(contact_points.c.phone_hash == number).with_for_update()
        return tx.conn.execute(held).one()

    def _take(self, tx: Transaction, point: Row[Any], text: InboundText) -> Taken:
        keyword = text.opt_out or command(text.body)
        thread = self._thread(tx, point)
        if keyword is not None:
            self._consent(tx, point, keyword, "keyword")
            asked = thread is not None and not point.opted_out
            if not _for_people(text, keyword, asked=asked):
                return Taken("consent", point.id)
        elif refuses_texts(text.body):
            self._consent(tx, point, "hold", "free_text")
        return self._to_people(tx, point, text, thread)

    def _to_people(self, tx: Transaction, point: Row[Any], text: InboundText, thread: Thread | None) -> Taken:
        apart = self._understanding.mentions.tells_of_conduct(text.body)
        if thread is None or not text.words().strip() or stands_apart(thread, about_police=apart):
            return self._open(tx, point, text)
        wrapped = tx.conn.execute(select(submissions.c.key).where(submissions.c.id == thread.id)).scalar_one()
        names = self._understanding.mentions.is_sensitive(text.body)
        say(tx, thread.id, self._keyring.open_key(wrapped), Message(new_id(), "sms", text.words(), names))
        return Taken("reply", thread.id)

    def _open(self, tx: Transaction, point: Row[Any], text: InboundText) -> Taken:
        concern = self._understanding.text(text.words(), text.sender, text.body)
        item_id, key = new_id(), self._keyring.new_key()
        sealed = seal_for(key, "feedback.received", concern.document)
        row = submission_row(concern, tx.now, key, sealed) | {"id": item_id, "phone_hash": point.phone_hash}
        insert_rows(tx.conn, submissions, [row])
        insert_rows(tx.conn, audit, [entry(item_id, tx.now, "resident", "accepted")])
        tx.emit("feedback.received", item_id, 1, received_data(concern, tx.now, key, sealed))
        return Taken("quarantined" if concern.quarantine else "case", item_id)

    def _consent(self, tx: Transaction, point: Row[Any], action: Command | str, cause: str) -> None:
        if action in ("stop", "start"):
            mine = update(contact_points).where(contact_points.c.id == point.id)
            tx.conn.execute(mine.values(opted_out=action == "stop"))
        data = {
            "action": action,
            "channel": "sms",
            "contact_hash": point.phone_hash.hex(),
            "cause": cause,
            "received_at": tx.now.isoformat(),
        }
        tx.emit("consent.changed", point.id, advance(tx.conn, contact_points, point.id), data)

    def _thread(self, tx: Transaction, point: Row[Any]) -> Thread | None:
        """The live case of the number, if any."""
        recent = select(submissions).where(
            submissions.c.phone_hash == point.phone_hash,
            submissions.c.active_at > tx.now - LIVE_FOR,
            submissions.c.key.is_not(None),
            submissions.c.quarantine.is_(None),
        )
        threads = [
            Thread(row.id, row.public_state, row.active_at, self._with_police(row))
            for row in tx.conn.execute(recent)
        ]
        return continued(threads, tx.now)

    def _with_police(self, row: Row[Any]) -> bool:
        """Whether the police own the case; before routing has said so, whether they might."""
        city = self._understanding.city
        organisation = city.organisations.get(row.organisation)
        if organisation is not None:
            return organisation.kind == "police"
        return not (city.is_guarded(row.category) or row.names_person or row.preferred_partner == "partner")

    def _row(self, tx: Transaction, text: InboundText, content: bytes, taken: Taken) -> dict[str, Any]:
        key = self._keyring.new_key() if text.media else None
        return {
            "message_sid": text.sid,
            "body_hash": content,
            "outcome": taken.outcome,
            "item_id": taken.item_id,
            "key": key and key.wrapped,
            "media": key and key.seal(text.media, "media"),
            "received_at": tx.now,
        }


def _for_people(text: InboundText, keyword: Command, *, asked: bool) -> bool:
    """Whether a person reads a keyword: a picture came with it, or it may mean something else, too."""
    return bool(text.media) or may_call(text.body, keyword) or (asked and may_answer(text.body, keyword))


def _earlier(conn: Connection, sid: str) -> Row[Any] | None:
    return conn.execute(select(inbound_texts).where(inbound_texts.c.message_sid == sid)).one_or_none()
