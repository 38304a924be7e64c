"""The batch: one look at the staff, decisions in memory, one statement per table."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.routing.domain.certificate import Certificate
from services.routing.domain.references import new_references
from services.routing.domain.rules import RuleSet
from services.routing.handlers.deciding import (
    SILENCE,
    Bench,
    Heard,
    facts_of_event,
    heard,
    owners_before,
    resident_of,
)
from services.routing.handlers.loads import shift_loads
from services.routing.handlers.open_cases.opening import Opening
from services.routing.models import cases, clock_intervals, history, messages
from services.routing.office import Office
from shared.cities import Policy
from shared.db import insert_rows
from shared.events import Event
from shared.outbox import Transaction
from shared.timers import schedule


@dataclass(frozen=True)
class OpenCases:
    """Handler of feedback.received."""

    office: Office

    def __call__(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Open one case for each; loads count within the batch, so that it does not fall on one person."""
        openings = self._decide(tx, events)
        insert_rows(tx.conn, cases, [opening.case() for opening in openings])
        insert_rows(tx.conn, messages, [opening.message() for opening in openings])
        insert_rows(tx.conn, clock_intervals, [opening.interval() for opening in openings])
        insert_rows(tx.conn, history, [opening.entry() for opening in openings])
        schedule(tx.conn, *[opening.timer() for opening in openings])
        for opening in openings:
            tx.emit("case.opened", opening.case_id, 1, opening.announcement)
        shift_loads(tx.conn, [(opening.certificate.owner_id, 1) for opening in openings])

    def _decide(self, tx: Transaction, events: Sequence[Event]) -> list[Opening]:
        bench, zone = Bench(tx, self.office), self.office.city.time_zone
        stories = [self._hear(event, bench.rules) for event in events]
        residents = [resident_of(self.office.hashes, story.contact) for story in stories]
        owners, openings = owners_before(tx.conn, residents), []
        references = free_references(tx.conn, len(events))
        for event, story, resident, reference in zip(events, stories, residents, references, strict=True):
            facts = facts_of_event(event, story, bench.rules, zone)
            certificate = bench.decide(facts, continuity=owners.get(resident))
            if resident is not None and certificate.owner_id is not None:
                owners[resident] = certificate.owner_id
            openings.append(
                Opening(
                    event=event,
                    reference=reference,
                    resident=resident,
                    certificate=certificate,
                    policy=self._promise(certificate),
                    now=tx.now,
                )
            )
        return openings

    def _hear(self, event: Event, rules: RuleSet) -> Heard:
        """The story, where somebody listens: rules that look for words, or somebody to be known again."""
        listens = rules.keywords or rules.units or not event.data["anonymous"]
        return heard(self.office.keyring, event) if listens else SILENCE

    def _promise(self, certificate: Certificate) -> Policy:
        """The category's promise, or the rule's where that is no longer: what was said at the door is kept."""
        promised = self.office.city.policy_for(certificate.facts.category)
        named = self.office.city.policy_for(certificate.facts.category, code=certificate.outcome.policy)
        return min(promised, named, key=lambda policy: policy.first_response)


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
