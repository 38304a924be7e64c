"""A stage for notifications: its database, handlers and sender, and events as the other services publish them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

import services.notifications
from services.notifications.domain.wording import Wording
from services.notifications.handlers import REACTIONS, Office
from services.notifications.handlers.receipts import Receipt, note_receipt
from services.notifications.models import SOURCE, attempts, consents, messages, outbox
from services.notifications.sender.claim import Claimed, Desk, claim
from services.notifications.sender.loop import Sender
from services.notifications.sender.port import Provider as Port
from shared.cities import City, load
from shared.context import Context
from shared.db import connect
from shared.events import Event, checking, full_type
from shared.events.sealed import phone_hash, seal_for, sealed_fields
from shared.ids import new_id
from shared.inbox import NotYet
from shared.outbox import Outbox
from shared.sealing import ItemKey, KeyedHash, Keyring

ROOT = Path(__file__).parents[3]
FOLDER = Path(services.notifications.__file__).parent
KEYS = (bytes(range(32)),)
SECRET = b"only for tests, thirty-two bytes!"
PHONE = "+12155550123"
SID, TOKEN, NUMBER = "AC0123456789abcdef0123456789abcdef", "the token", "+12155550100"
PUBLIC_URL = "http://listen.test"
DUE = datetime(2099, 11, 20, 21, 0, tzinfo=UTC)


class Silent:
    """A bell nobody hears."""

    def ring(self) -> None:
        pass


@dataclass
class Hands:
    """A clock moved by hand."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass
class Resident:
    """Somebody who wrote, and the events about their case."""

    case_id: UUID = field(default_factory=new_id)
    phone: str | None = PHONE
    email: str | None = None
    by: str = "sms"
    language: str = "en"
    channel: str = "sms"
    anonymous: bool = False
    key: ItemKey = field(default_factory=lambda: Keyring(KEYS).new_key())
    sequences: dict[str, int] = field(default_factory=dict)

    def event(self, source: str, name: str, data: Mapping[str, Any], subject: UUID | None = None) -> Event:
        where = f"{source} {subject}"
        self.sequences[where] = self.sequences.get(where, 0) + 1
        made = Event(
            id=new_id(), source=source, type=full_type(name), subject=subject or self.case_id,
            sequence=self.sequences[where], time=datetime.now(UTC), data=data,
            correlationid=Context().correlationid,
        )  # fmt: skip
        checking.check(made)
        return made

    def _sealed(self, name: str, value: Mapping[str, Any]) -> dict[str, str]:
        return sealed_fields(self.key, seal_for(self.key, name, value))

    def wrote(self, text: str = "The crossing on Alder Street") -> Event:
        contact = {"name": "Rowan Example", "phone": self.phone, "email": self.email, "address": None}
        said: dict[str, Any] = {
            "text": text,
            "location": None,
            "occurred_at": None,
            "contact": contact,
            "named_people": [],
        }
        return self.event("/intake", "feedback.received", {
            "kind": "concern", "category": "force", "language": self.language, "channel": self.channel,
            "district": "22", "about": None, "anonymous": self.anonymous, "preferred_partner": "either",
            "partner": None, "names_person": False, "show_publicly": False, "contact_by": self.by,
            "quarantine": None, "received_at": now_text(), **self._sealed("feedback.received", said),
        })  # fmt: skip

    def opened(self, due: datetime = DUE) -> Event:
        return self.event("/routing", "case.opened", {
            "owner_id": None, "team": None, "queue": "oversight", "organisation": "fair-hearing",
            "reference": "PA-1234", "kind": "concern", "category": "force", "district": "22",
            "language": self.language, "channel": self.channel, "state": "in_review",
            "public_state": "received", "policy": "standard", "policy_version": 1,
            "first_response_due_at": due.isoformat(), "opened_at": now_text(),
        })  # fmt: skip

    def answered(self, text: str = "We have looked at it.", message_id: UUID | None = None) -> Event:
        return self.event("/routing", "reply.written", {
            "message_id": str(message_id or new_id()), "by": str(new_id()), "public_state": "with_a_person",
            "at": now_text(), **self._sealed("reply.written", {"text": text}),
        })  # fmt: skip

    def moved(self, to_state: str, sentence: str | None = None) -> Event:
        sealed: Mapping[str, str | None] = {"key": None, "sealed": None}
        if sentence:
            sealed = self._sealed("state.changed", {"sentence": sentence})
        return self.event("/routing", "state.changed", {
            "from_state": "in_progress", "to_state": to_state, "public_state": "answered", "by": None,
            "reason": None, "outcome": "explained" if to_state == "resolved" else None, "at": now_text(), **sealed,
        })  # fmt: skip

    def consents(self, action: str, cause: str = "keyword") -> Event:
        number = phone_hash(KeyedHash(SECRET), self.phone or "")
        return self.event("/intake", "consent.changed", {
            "action": action, "channel": "sms", "contact_hash": number.hex(), "cause": cause,
            "received_at": now_text(),
        }, subject=UUID(bytes=number[:16]))  # fmt: skip


def now_text() -> str:
    return datetime.now(UTC).isoformat()


@dataclass
class Stage:
    """Notifications on one database, texting through the given provider."""

    url: str
    providers: Mapping[str, Port]
    clock: Hands = field(default_factory=Hands)
    consents_current: bool = True

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(connect(self.url, pool_size=12), outbox, SOURCE, self.clock, Silent())

    @cached_property
    def office(self) -> Office:
        return Office(
            Keyring(KEYS), KeyedHash(SECRET), self.desk.wording, city(), self.desk.track_url, wake=lambda: None
        )

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.providers, Keyring(KEYS), Wording(FOLDER / "templates"), f"{PUBLIC_URL}/track")

    def sender(self, **providers: Port) -> Sender:
        desk = replace(self.desk, providers=providers) if providers else self.desk
        return Sender(self.outbox, desk, consents_current=lambda: self.consents_current)

    def hear(self, *events: Event) -> None:
        """Handle each event in a transaction of its own, without an inbox."""
        for event in events:
            self.hear_together(event)

    def hear_together(self, *events: Event) -> None:
        """Handle events of one kind in one transaction, and what must hold while they wait in another."""
        try:
            with self.outbox.transaction() as tx:
                REACTIONS[events[0].name](self.office, tx, events)
        except NotYet as waiting:
            if waiting.meanwhile is not None:
                with self.outbox.transaction() as tx:
                    waiting.meanwhile(tx)
            raise

    def receive(
        self, status: str, *, reference: str = "SM1", code: int | None = None, attempt: UUID | None = None
    ) -> bool:
        with self.outbox.transaction() as tx:
            return note_receipt(tx, Receipt(reference, status, code, attempt))

    def claim(self, message_id: UUID | None = None) -> Claimed:
        """Take a message (the only one) into `sending`, as a sender does before it calls."""
        message_id = message_id or self.message.id
        with self.outbox.transaction() as tx:
            claimed = claim(tx, message_id, self.desk)
        assert claimed is not None
        return claimed

    def rows(self, table: Any = messages) -> list[Any]:
        with self.outbox.engine.connect().execution_options(read_only=True) as conn:
            return list(conn.execute(select(table)).all())

    @property
    def message(self) -> Any:
        (only,) = self.rows()
        return only

    @property
    def states(self) -> list[str]:
        return [row.state for row in sorted(self.rows(), key=lambda row: row.created_at)]

    @property
    def announced(self) -> list[str]:
        """Status of every delivery.changed in the outbox, in order."""
        import orjson

        rows = sorted(self.rows(outbox), key=lambda row: row.id)
        return [orjson.loads(row.body)["status"] for row in rows]

    @property
    def attempts(self) -> list[Any]:
        return sorted(self.rows(attempts), key=lambda row: row.started_at)

    @property
    def consent(self) -> Any:
        (only,) = self.rows(consents)
        return only

    def close(self) -> None:
        self.outbox.engine.dispose()


_city: list[City] = []


def city() -> City:
    if not _city:
        _city.append(load(ROOT / "cities/port-alder"))
    return _city[0]
