"""What intake has accepted and what became of it, counted from rows, for reconciliation."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from services.intake.models import inbound_texts, messages, outbox, submissions


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that was confirmed to somebody, by outcome; `unsent` events have not reached the bus yet."""

    cases: int
    replies: int
    consent: int
    quarantined: int
    unsent: int

    @property
    def accepted(self) -> int:
        """How many times somebody was told that we have it."""
        return self.cases + self.replies + self.consent + self.quarantined


def count(conn: Connection) -> Counts:
    """The counts of this moment. A text that is both a refusal and a case counts once, as the case."""

    def number(query: Select[Any]) -> int:
        return int(conn.execute(query).scalar_one())

    submitted = select(func.count()).select_from(submissions)
    return Counts(
        cases=number(submitted.where(submissions.c.quarantine.is_(None))),
        replies=number(select(func.count()).select_from(messages).where(messages.c.side == "you")),
        consent=number(select(func.count()).select_from(inbound_texts).where(inbound_texts.c.outcome == "consent")),
        quarantined=number(submitted.where(submissions.c.quarantine.is_not(None))),
        unsent=number(
            select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None), outbox.c.dead_at.is_(None))
        ),
    )
