"""The batch: one look at the staff, decisions in memory, one statement per table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.certificate import Certificate
from services.routing.domain.references import new_references
from services.routing.handlers.casework import lock, reroute
from services.routing.handlers.deciding import Bench, facts_of_event, owners_before, resident_of
from services.routing.handlers.loads import shift_loads
from services.routing.handlers.open_cases.opening import Opening
from services.routing.handlers.open_cases.walling import Walling
from services.routing.handlers.walls import Reader
from services.routing.models import case_subjects, cases, clock_intervals, exclusions, history, messages
from services.routing.office import Office
from services.routing.terms import keep_terms
from shared.cities import FACTS, Policy
from shared.db import insert_rows
from shared.events import Event
from shared.outbox import Transaction
from shared.timers import schedule


@dataclass(frozen=True)
class OpenCases:
    """Handler of feedback.received."""

    office: Office
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reader", Reader(self.office))

    def __call__(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Open one case for each; loads count within the batch, so that it does not fall on one person."""
        openings = self._decide(tx, events)
        keep_terms(tx.conn, [opening.policy for opening in openings], tx.now)
        insert_rows(tx.conn, cases, [opening.case() for opening in openings])
        insert_rows(tx.conn, messages, [opening.message() for opening in openings])
        insert_rows(tx.conn, clock_intervals, [row for opening in openings for row in opening.interval_rows()])
        insert_rows(tx.conn, history, [opening.entry() for opening in openings])
        insert_rows(tx.conn, case_subjects, [row for opening in openings for row in opening.subject_rows()])
        insert_rows(tx.conn, exclusions, [row for opening in openings for row in opening.exclusions()])
        schedule(tx.conn, *[opening.timer() for opening in openings])
        for opening in openings:
            tx.emit("case.opened", opening.case_id, 1, opening.announcement)
        left = shift_loads(tx.conn, [(opening.certificate.owner_id, 1) for opening in openings])
        self._give_on(tx, [opening.case_id for opening in openings if opening.certificate.owner_id in left])

    def _give_on(self, tx: Transaction, case_ids: Sequence[UUID]) -> None:
        """Those chosen were disabled after the look at the staff: others get the cases, still in this commit."""
        for case_id in sorted(case_ids):
            work = lock(tx, self.office, case_id)
            assert work is not None
            reroute(work, "owner_gone")
            work.save()

    def _decide(self, tx: Transaction, events: Sequence[Event]) -> list[Opening]:
        bench, walling = Bench(tx, self.office), Walling(tx, self.office, self.reader)
        walls = [walling.wall(event) for event in events]
        residents = [resident_of(self.office.hashes, walled.story.contact) for walled in walls]
        owners, openings = owners_before(tx.conn, residents), []
        references = free_references(tx.conn, len(events))
        for walled, resident, reference in zip(walls, residents, references, strict=True):
            facts = facts_of_event(walled.event, walled.story, bench.rules, self.office.city.time_zone)
            certificate = bench.decide(facts, walled.excluded, owners.get(resident), directly=walled.directly)
            if resident is not None and certificate.owner_id is not None:
                owners[resident] = certificate.owner_id
            policy = self._promise(walled.event, certificate)
            openings.append(
                Opening(
                    walled=walled, reference=reference, resident=resident, certificate=certificate,
                    policy=policy, terms=self.office.terms.of_policy(policy), now=tx.now,
                )
            )  # fmt: skip
        return openings

    def _promise(self, event: Event, certificate: Certificate) -> Policy:
        """The concern's promise, or the rule's where that is no longer: what was said at the door is kept. Each
        counts in the hours of its own calendar, so the moment has to be no later too.
        """
        known = {name: event.data[name] for name in FACTS}
        received = datetime.fromisoformat(event.data["received_at"])
        said = self.office.city.policy_for(**known)
        ruled = self.office.city.policy_for(**known, code=certificate.outcome.policy)
        if ruled is said:
            return said  # nearly always: hours need not be counted
        kept = ruled.first_response <= said.first_response and ruled.answer_by(received) <= said.answer_by(received)
        return ruled if kept else said


def free_references(conn: Connection, count: int) -> list[str]:
    """So many references that no case has. Two workers may still draw the same at once: the second is refused
    by the unique key and draws anew when it is tried again.
    """
    free: list[str] = []
    while len(free) < count:
        drawn = new_references(count - len(free))
        taken = set(conn.scalars(select(cases.c.reference).where(cases.c.reference.in_(drawn))))
        free += [reference for reference in drawn if reference not in taken and reference not in free]
    return free
