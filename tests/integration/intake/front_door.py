"""Intake as a resident, a provider and routing meet it in tests: its web application on a fresh database."""

import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from services.intake import app as web
from services.intake import worker
from services.intake.models import metadata, outbox
from shared.clock import clock_for
from shared.config import Settings
from shared.db import connect
from shared.db.migrations import upgrade
from shared.events import Event, full_type
from shared.events.sealed import seal_for, sealed_fields
from shared.ids import new_id
from shared.outbox import Outbox
from shared.sealing import ItemKey, Keyring, from_text

ROOT = Path(__file__).parents[3]
PUBLIC = "https://listen.example.org"
TOKENS = ("newest-token", "older-token")
SENDER = "+12155550123"


def prepare(url: str) -> None:
    """Bring an empty database to intake's newest revision."""
    engine = connect(url)
    upgrade(engine, "services.intake")
    engine.dispose()


def settings_for(url: str, tmp_path: Path, **more: Any) -> Settings:
    """Settings of a test: generous limits, two provider tokens, a clock that can be moved."""
    known: dict[str, Any] = {
        "database_url": url,
        "bus_url": f"sqlite:///{tmp_path / 'bus.sqlite3'}",
        "public_url": PUBLIC,
        "secret_key": b"0" * 48,
        "sealing_keys": (b"k" * 32,),
        "city": ROOT / "cities/port-alder",
        "twilio_auth_token": TOKENS,
        "limit_feedback": "100000/hour",
        "limit_track": "100000/hour",
        "limit_service": "1000000/minute",
        "clock_file": tmp_path / "clock",
    }
    base = Settings.load("intake", {"DATABASE_URL": url, **_REQUIRED})
    return Settings(**{**{name: getattr(base, name) for name in base.__dataclass_fields__}, **known, **more})


_REQUIRED = {
    "BUS_URL": "sqlite:////tmp/unused.sqlite3",
    "PUBLIC_URL": PUBLIC,
    "SECRET_KEY": "0" * 48,
    "SEALING_KEYS": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "CITY": str(ROOT / "cities/port-alder"),
}


class SilentBell:
    """Counts how often it was rung."""

    def __init__(self) -> None:
        self.rung = 0

    def ring(self) -> None:
        """Once more."""
        self.rung += 1


@dataclass
class FrontDoor:
    """The application, its database, and the ways to use them."""

    settings: Settings
    app: Flask
    engine: Engine
    client: FlaskClient = field(init=False)
    sids: Any = field(default_factory=lambda: itertools.count(1))
    sequences: dict[uuid.UUID, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @classmethod
    def open(cls, url: str, tmp_path: Path, **more: Any) -> "FrontDoor":
        """On a migrated database."""
        settings = settings_for(url, tmp_path, **more)
        return cls(settings, web.create_app(settings), connect(url))

    def close(self) -> None:
        """Let go of the database."""
        self.app.extensions[web.EXTENSION].close()
        self.engine.dispose()

    # --- residents -------------------------------------------------------------------------------

    def post(self, body: Any, headers: Mapping[str, str] | None = None, path: str = "feedback") -> TestResponse:
        """POST to the API; bytes go as they are."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        given = {"Content-Type": "application/json", **(headers or {})}
        return self.client.post(f"/api/v1/{path}", data=raw, headers=given)

    def tell(self, text: str = "The lamp at the corner is dark.", **more: Any) -> dict[str, Any]:
        """Tell us; the answer of a success."""
        response = self.post({"text": text, **more})
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.get_json()
        return found

    def status(self, receipt: str) -> TestResponse:
        """GET status."""
        return self.client.get("/api/v1/feedback/status", headers={"Authorization": f"Bearer {receipt}"})

    def write(self, receipt: str, text: str) -> TestResponse:
        """POST messages."""
        return self.post({"text": text}, {"Authorization": f"Bearer {receipt}"}, "feedback/messages")

    # --- the provider ----------------------------------------------------------------------------

    def text(
        self,
        body: str,
        sender: str = SENDER,
        sid: str | None = None,
        *,
        token: str = TOKENS[0],
        query: str = "",
        signed_at: str | None = None,
        **more: str,
    ) -> TestResponse:
        """A text, signed as the provider signs."""
        form = {"MessageSid": sid or f"SM{next(self.sids):032}", "From": sender, "To": "+12155550100"}
        form |= {"Body": body, "NumMedia": "0", **more}
        path = "/webhooks/twilio/sms" + query
        signature = RequestValidator(token).compute_signature(signed_at or PUBLIC + path, form)
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})

    # --- routing ---------------------------------------------------------------------------------

    def route(
        self, subject: str | uuid.UUID, name: str, sealed: Mapping[str, Any] | None = None, **data: Any
    ) -> None:
        """Routing says something about a case, and intake's worker hears it."""
        self.hear([self.event(subject, name, sealed, **data)])

    def event(
        self, subject: str | uuid.UUID, name: str, sealed: Mapping[str, Any] | None = None, **data: Any
    ) -> Event:
        """The next event of routing about a case."""
        case = uuid.UUID(str(subject))
        self.sequences[case] = self.sequences.get(case, 0) + 1
        if sealed is not None:
            key = self.item_key(case)
            data |= sealed_fields(key, seal_for(key, name, sealed))
        return Event(
            id=new_id(),
            source="/routing",
            type=full_type(name),
            subject=case,
            sequence=self.sequences[case],
            time=self.now(),
            data=data,
            correlationid="test",
        )

    def hear(self, events: Sequence[Event]) -> None:
        """Intake's worker takes the events in, one list per run of a kind."""
        handlers = worker.handlers(Keyring(self.settings.sealing_keys))
        box = Outbox(self.engine, outbox, "/intake", clock_for(self.engine, None), SilentBell())
        with box.transaction() as tx:
            for name, run in itertools.groupby(events, key=lambda event: event.name):
                handlers[name](tx, list(run))

    def open_case(self, subject: str, **more: Any) -> None:
        """Routing opened the case."""
        data = {"public_state": "received", "organisation": "police", "first_response_due_at": _in(hours=24)}
        self.route(subject, "case.opened", **{**data, **more})

    # --- looking -------------------------------------------------------------------------------

    def now(self) -> datetime:
        """By the test's clock."""
        return clock_for(self.engine, self.settings.clock_file).now()

    def advance(self, **by: float) -> None:
        """Move the clock on."""
        path = self.settings.clock_file
        assert path is not None
        before = float(path.read_text()) if path.exists() else 0.0
        path.write_text(str(before + timedelta(**by).total_seconds()))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table."""
        with self.engine.connect() as conn:
            return [dict(row) for row in conn.execute(select(metadata.tables[table])).mappings()]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.engine.connect() as conn:
            return {
                name: conn.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
            }

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What waits in the outbox, decoded: attributes and data, oldest first."""
        found = [
            orjson.loads(row["attributes"]) | {"data": orjson.loads(row["body"])}
            for row in sorted(self.rows("outbox"), key=lambda row: row["id"])
        ]
        return [each for each in found if name is None or each["type"] == full_type(name)]

    def opened(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What the event sealed."""
        key = Keyring(self.settings.sealing_keys).open_key(from_text(event["data"]["key"]))
        name = event["type"].removeprefix("org.commonground.").removesuffix(".v1")
        found: Any = key.unseal(from_text(event["data"]["sealed"]), name)
        return dict(found)

    def item_key(self, item: uuid.UUID) -> ItemKey:
        """The key of a submission."""
        row = next(row for row in self.rows("submissions") if row["id"] == item)
        return Keyring(self.settings.sealing_keys).open_key(row["key"])


def _in(**delta: float) -> str:
    return (datetime.now(UTC) + timedelta(**delta)).isoformat()
