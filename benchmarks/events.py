"""Events like those intake publishes, for measuring what comes after it."""

from datetime import UTC, datetime

from shared.events import Event, full_type
from shared.events.sealed import seal_for, sealed_fields
from shared.ids import new_id
from shared.sealing import Keyring

TEXT = "The street light at the corner has been out for three weeks. " * 4
DISTRICTS = ("1", "2", "3", "22", "25", "39")


def received(keyring: Keyring, number: int) -> Event:
    """A feedback.received event, sealed as intake does it."""
    key, now = keyring.new_key(), datetime.now(UTC)
    document: dict[str, object] = {
        "text": TEXT,
        "location": None,
        "occurred_at": None,
        "contact": None,
        "named_people": [],
    }
    data = {
        "kind": "concern",
        "category": "safety" if number % 2 else "noise",
        "language": "en",
        "channel": "api",
        "district": DISTRICTS[number % len(DISTRICTS)],
        "about": None,
        "anonymous": False,
        "preferred_partner": "either",
        "partner": None,
        "names_person": False,
        "show_publicly": False,
        "contact_by": "none",
        "quarantine": None,
        "received_at": now.isoformat(),
        **sealed_fields(key, seal_for(key, "feedback.received", document)),
    }
    return Event(
        id=new_id(),
        source="/intake",
        type=full_type("feedback.received"),
        subject=new_id(),
        sequence=1,
        time=now,
        data=data,
        correlationid=str(new_id()),
    )
