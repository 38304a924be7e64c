"""Writes the messages that events ask for and puts them in the queue; the sender takes it from there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.notifications.domain import delivery
from services.notifications.domain.promises import Body, promise
from services.notifications.domain.wording import ACKNOWLEDGEMENT, ANSWER, LATE, REPLY
from services.notifications.handlers.moments import in_words
from services.notifications.handlers.office import Office
from services.notifications.models import BODY, messages, recipients
from shared.db import insert_new
from shared.events import Event
from shared.events.sealed import open_sealed
from shared.ids import new_id
from shared.inbox import NotYet
from shared.outbox import Transaction

Values = Mapping[str, str]


class Draft(NamedTuple):
    """What is to be written to whom: `words` are the template's own values besides those every message has."""

    event: Event
    recipient: Any
    template: str
    cause_id: UUID
    words: Values


def acknowledge(office: Office, tx: Transaction, events: Sequence[Event]) -> None:
    """Say that we have it and until when a person answers.

    Once per case, whatever opens it again. Not for imported concerns: who wrote those down somewhere
    else, perhaps years ago, does not expect a text from us now.
    """
    _queue(
        office,
        tx,
        [
            Draft(event, recipient, ACKNOWLEDGEMENT, event.subject, _promise(office, event, recipient))
            for event, recipient in _known(tx, events)
            if not recipient.imported
        ],
    )


def send_reply(office: Office, tx: Transaction, events: Sequence[Event]) -> None:
    """Bring what a person wrote."""
    _queue(
        office,
        tx,
        [
            Draft(event, recipient, REPLY, UUID(event.data["message_id"]), _words(office, event, "text"))
            for event, recipient in _known(tx, events)
        ],
    )


def send_answer(office: Office, tx: Transaction, events: Sequence[Event]) -> None:
    """Bring the sentence with which a case was resolved; other states are not worth a text."""
    resolved = [event for event in events if event.data["to_state"] == "resolved" and event.data["sealed"]]
    _queue(
        office,
        tx,
        [
            Draft(event, recipient, ANSWER, event.id, _words(office, event, "sentence"))
            for event, recipient in _known(tx, resolved)
        ],
    )


def _words(office: Office, event: Event, field: str) -> Values:
    return {"text": open_sealed(office.keyring, event)[1][field]}


def _known(tx: Transaction, events: Sequence[Event]) -> Iterator[tuple[Event, Any]]:
    """Each event with its recipient, if they can be written to. Raises NotYet naming those that came early."""
    wanted = select(recipients).where(recipients.c.id.in_({event.subject for event in events}))
    found = {row.id: row for row in tx.conn.execute(wanted)} if events else {}
    early = [event for event in events if event.subject not in found]
    if early:
        raise NotYet("how to reach the resident has not come yet", early)
    pairs = ((event, found[event.subject]) for event in events)
    return ((event, recipient) for event, recipient in pairs if recipient.channel)


def _promise(office: Office, event: Event, recipient: Any) -> Values:
    return {
        "due": in_words(_due(event), office.city, office.wording.language_for(ACKNOWLEDGEMENT, recipient.language))
    }


def _due(event: Event) -> datetime:
    return datetime.fromisoformat(event.data["first_response_due_at"])


def _queue(office: Office, tx: Transaction, drafts: Sequence[Draft]) -> None:
    """The unique key drops what is in the queue already, or was sent."""
    rows = [_row(office, tx.now, draft) for draft in drafts]
    if insert_new(tx.conn, messages, rows, returning="id"):
        office.wake()


def _row(office: Office, now: datetime, draft: Draft) -> dict[str, Any]:
    event, recipient = draft.event, draft.recipient
    key = office.keyring.open_key(recipient.key)
    return {
        "id": new_id(),
        "case_id": recipient.id,
        "template": draft.template,
        "recipient": recipient.contact_hash,
        "cause_id": draft.cause_id,
        "channel": recipient.channel,
        "body": key.seal(_body(office, draft), BODY),
        "state": delivery.PENDING,
        "attempts": 0,
        "next_attempt_at": now,
        "created_at": now,
        "changed_at": now,
        "correlationid": event.correlationid,
        "causationid": event.id,
        "traceparent": event.traceparent,
    }


def _body(office: Office, draft: Draft) -> Body:
    """What is sealed. Which words of a promise are sent is decided when they are: it may lie here for hours."""
    said = _said(office, draft, draft.template)
    if draft.template != ACKNOWLEDGEMENT:
        return said
    return promise(said, _due(draft.event), _said(office, draft, LATE))


def _said(office: Office, draft: Draft, template: str) -> Values:
    language = draft.recipient.language
    values = {
        "city": office.city.name(office.wording.language_for(template, language)),
        "emergency": office.city.emergency_number,
        "track": office.track_url,
        **draft.words,
    }
    say = office.wording.say
    if draft.recipient.channel == "sms":
        return {"text": say(template, "sms", language, values)}
    return {
        "subject": say(template, "subject", language, values),
        "text": say(template, "body", language, values),
    }
