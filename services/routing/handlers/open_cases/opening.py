"""One concern as the rows and the event of a new case."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from services.routing.domain.certificate import Certificate
from services.routing.domain.clocks import Interval, Terms, intervals
from services.routing.domain.states import PUBLIC_STATES
from services.routing.handlers.casework.clocks import LOOK_AT_CLOCKS, row_of, summary
from services.routing.handlers.casework.closing import exclusion_rows
from services.routing.handlers.open_cases.walling import Walled
from services.routing.handlers.walls.subjects import subject_rows
from shared.cities import Policy
from shared.events import Event
from shared.sealing import from_text
from shared.timers import Timer

FIRST_SEQUENCE = 1
FIRST_RING = 1


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Everything known when a case is opened."""

    walled: Walled
    reference: str
    resident: bytes | None
    certificate: Certificate
    policy: Policy
    terms: Terms
    now: datetime

    @property
    def event(self) -> Event:
        """What was told, guarded where the story asks for it."""
        return self.walled.event

    @property
    def case_id(self) -> UUID:
        """The case has the concern's id."""
        return self.event.subject

    @cached_property
    def received_at(self) -> datetime:
        """When intake had it on disk: the clock runs from there, whatever the queue between."""
        return datetime.fromisoformat(self.event.data["received_at"])

    @cached_property
    def due_at(self) -> datetime:
        """Until when a person answers."""
        return self.policy.answer_by(self.received_at)

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """The clocks that run from now on."""
        return intervals(self.received_at, self.terms, [self.entry()])

    def case(self) -> dict[str, Any]:
        """The row of `cases`."""
        data, certificate = self.event.data, self.certificate
        owner = {"owner_id": certificate.owner_id}
        return {
            "id": self.case_id,
            "reference": self.reference,
            "sequence": FIRST_SEQUENCE,
            **{name: data[name] for name in TOLD},
            "key_wrapped": from_text(data["key"]),
            "resident": self.resident,
            "priority": certificate.outcome.priority,
            **owner,
            "queue": certificate.queue,
            "team": certificate.team,
            "organisation": certificate.organisation,
            "state": certificate.state,
            "received_at": self.received_at,
            "opened_at": self.now,
            "updated_at": self.now,
            "policy": self.policy.code,
            "policy_version": self.policy.version,
            "terms": self.policy.digest,
            "first_response_due_at": self.due_at,
            **summary(owner | {"received_at": self.received_at}, self.intervals),
            "ring": FIRST_RING,
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

    def subject_rows(self) -> list[dict[str, Any]]:
        """What it is about."""
        return subject_rows(self.case_id, self.walled.subjects, self.now)

    def exclusions(self) -> list[dict[str, Any]]:
        """Whom it is closed to."""
        return exclusion_rows(self.case_id, self.walled.excluded, self.now)

    def interval_rows(self) -> list[dict[str, Any]]:
        """The first run of each clock."""
        return [
            {"case_id": self.case_id, "clock": each.clock, "cycle": each.cycle, **row_of(each)}
            for each in self.intervals
        ]

    def timer(self) -> Timer:
        """Rings at the first warning of any clock: nothing can have to be told before."""
        first = min(each.warn_at for each in self.intervals)
        return Timer(item_id=self.case_id, kind=LOOK_AT_CLOCKS, cycle=FIRST_RING, due_at=first)

    def entry(self) -> dict[str, Any]:
        """The first row of the history, with the certificate."""
        return {
            "case_id": self.case_id,
            "sequence": FIRST_SEQUENCE,
            "type": "case.opened",
            "at": self.now,
            "actor_id": None,
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
            "terms": self.policy.digest,
            "first_response_due_at": self.due_at.isoformat(),
            "opened_at": self.now.isoformat(),
        }


#: What the event says plainly and the case keeps.
TOLD = (
    "kind", "category", "district", "language", "channel", "about", "anonymous", "preferred_partner",
    "partner", "names_person", "show_publicly", "contact_by", "quarantine",
)  # fmt: skip
