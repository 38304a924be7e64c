"""Histories for clocks: steps of a case at minutes after it was received on a Friday morning."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.routing.domain.clocks import Rung, Terms, intervals
from shared.hours import Calendar

RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASH, BIRCH, SAGE = UUID(int=1), UUID(int=2), UUID(int=3)
ALWAYS = Calendar("UTC", "24/7")
OFFICE = Calendar("UTC", "Mo-Fr 09:00-12:00,13:00-17:00; 2026 Nov 26 off")
SPANS = {"first_response": 8 * HOUR, "next_response": 8 * HOUR, "resolution": 40 * HOUR, "acceptance": 4 * HOUR}
LADDER = (Rung(timedelta(), "owner"), Rung(2 * HOUR, "supervisor"), Rung(4 * HOUR, "oversight"))


def terms(hours=ALWAYS, **more):
    return Terms(**({"spans": SPANS, "hours": hours, "warning": 0.75, "ladder": LADDER} | more))


def at(hours):
    return RECEIVED + HOUR * hours


class Course:
    """Builds a history; each method is a step at so many hours after the case was received."""

    def __init__(self, owner=ASH):
        self.entries = []
        self.state = "assigned" if owner else "new"
        self.step(0, "case.opened", None, state=self.state, owner_id=str(owner) if owner else None)

    def step(self, hours, kind, by=ASH, **data):
        entry = {"sequence": len(self.entries) + 1, "type": kind, "at": at(hours), "actor_id": by, "data": data}
        self.entries.append(entry)
        return self

    def reply(self, hours, by=ASH, **flags):
        return self.step(hours, "reply.written", by, **flags)

    def call(self, hours, outcome="reached", way="call", by=ASH):
        return self.step(hours, "contact.logged", by, way=way, outcome=outcome)

    def write(self, hours):
        return self.step(hours, "message.recorded", None, at=at(hours).isoformat())

    def move(self, hours, to, by=ASH, **data):
        self.step(hours, "state.changed", by, from_state=self.state, to_state=to, **data)
        self.state = to
        return self

    def give(self, hours, *owners, by=SAGE):
        first, *others = [str(owner) for owner in owners] or [None]
        return self.step(hours, "case.assigned", by, owner_id=first, joint_owner_ids=others)

    def deliver(self, hours, sequence, status="undelivered"):
        return self.step(hours, "delivery.recorded", None, said_at=sequence, status=status)

    def last(self):
        return self.entries[-1]["sequence"]

    def runs(self, clock, under=None):
        found = intervals(RECEIVED, under or terms(), self.entries)
        return [interval for interval in found if interval.clock == clock]
