"""One concern as the rows and the event of a new case."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from services.routing.domain.certificate import Certificate
from services.routing.domain.clocks import FIRST_RESPONSE
from services.routing.domain.states import PUBLIC_STATES
from shared.cities import Policy
from shared.events import Event
from shared.sealing import from_text
from shared.timers import Timer

FIRST_SEQUENCE = 1


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Everything known when a case is opened."""

    event: Event
    reference: str
    resident: bytes | None
    certificate: Certificate
    policy: Policy
    now: datetime

    @property
    def case_id(self) -> UUID:
        """The case has the concern's id."""
        return self.event.subject

    @cached_property
    def received_at(self) -> datetime:
        """When intake had it on disk: the clock runs from there, whatever the queue between."""
        return datetime.fromisoformat(self.event.data["received_at"])

    @property
    def due_at(self) -> datetime:
        """Until when a person answers."""
        return self.received_at + self.policy.first_response

    def case(self) -> dict[str, Any]:
        """The row of `cases`."""
        data, certificate = self.event.data, self.certificate
        return {
            "id": self.case_id,
            "reference": self.reference,
            "sequence": FIRST_SEQUENCE,
            **{name: data[name] for name in TOLD},
            "key_wrapped": from_text(data["key"]),
            "resident": self.resident,
            "priority": certificate.outcome.priority,
            "owner_id": certificate.owner_id,
            "queue": certificate.queue,
            "team": certificate.team,
            "organisation": certificate.organisation,
            "state": certificate.state,
            "received_at": self.received_at,
            "opened_at": self.now,
            "updated_at": self.now,
            "policy": self.policy.code,
            "policy_version": self.policy.version,
            "first_response_due_at": self.due_at,
            "response_due_at": self.due_at,
        }

    def message(self) -> dict[str, Any]:
        """The story, sealed as it came."""
        return {
            "id": self.event.id,
            "case_id": self.case_id,
            "sequence": FIRST_SEQUENCE,
            "kind": "opening",
            "channel": self.event.data["channel"],
            "at": self.received_at,
            "sealed": from_text(self.event.data["sealed"]),
        }

    def interval(self) -> dict[str, Any]:
        """The first run of the first-response clock."""
        return {
            "case_id": self.case_id,
            "clock": FIRST_RESPONSE,
            "cycle": 1,
            "started_at": self.received_at,
            "due_at": self.due_at,
        }

    def timer(self) -> Timer:
        """Rings when the promise is broken."""
        return Timer(item_id=self.case_id, kind=FIRST_RESPONSE, cycle=1, due_at=self.due_at)

    def entry(self) -> dict[str, Any]:
        """The first row of the history, with the certificate."""
        return {
            "case_id": self.case_id,
            "sequence": FIRST_SEQUENCE,
            "type": "case.opened",
            "at": self.now,
            "data": self.announcement,
            "certificate": self.certificate.as_data(),
        }

    @cached_property
    def announcement(self) -> dict[str, Any]:
        """The data of case.opened."""
        data, certificate = self.event.data, self.certificate
        return {
            "reference": self.reference,
            **{name: data[name] for name in ("kind", "category", "district", "language", "channel")},
            "state": certificate.state,
            "public_state": PUBLIC_STATES[certificate.state],
            "team": certificate.team,
            "queue": certificate.queue,
            "owner_id": str(certificate.owner_id) if certificate.owner_id else None,
            "organisation": certificate.organisation,
            "policy": self.policy.code,
            "policy_version": self.policy.version,
            "first_response_due_at": self.due_at.isoformat(),
            "opened_at": self.now.isoformat(),
        }


#: What the event says plainly and the case keeps.
TOLD = (
    "kind", "category", "district", "language", "channel", "about", "anonymous", "preferred_partner",
    "partner", "names_person", "show_publicly", "contact_by", "quarantine",
)  # fmt: skip
