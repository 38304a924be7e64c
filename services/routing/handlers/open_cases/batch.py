"""The batch: one look at the staff, decisions in memory, one statement per table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.references import new_references
from services.routing.handlers.casework import lock, reroute
from services.routing.handlers.loads import shift_loads
from services.routing.handlers.open_cases.opening import Opening
from services.routing.handlers.open_cases.walling import Walling
from services.routing.handlers.walls import Reader
from services.routing.models import case_subjects, cases, clock_intervals, exclusions, history, messages
from services.routing.office import Office
from services.routing.queries.staffing import staffing
from services.routing.terms import keep_terms
from shared.cities import FACTS
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
        loads = dict((at_work := staffing(tx.conn)).loads)
        at_work = replace(at_work, loads=loads)
        walling = Walling(tx, self.office, self.reader)
        openings = []
        for event, reference in zip(events, free_references(tx.conn, len(events)), strict=True):
            walled = walling.wall(event)
            certificate = walling.choose(walled, at_work)
            if certificate.owner_id is not None:
                loads[certificate.owner_id] += 1
            policy = self.office.city.policy_for(**{name: event.data[name] for name in FACTS})
            openings.append(
                Opening(
                    walled=walled, reference=reference, certificate=certificate, policy=policy, now=tx.now,
                    terms=self.office.terms.of_policy(policy),
                )
            )  # fmt: skip
        return openings


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
