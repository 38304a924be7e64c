"""One batch of events: effect, inbox row and caused events in one transaction; halved when one of them fails."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, Uuid, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from shared import metrics
from shared.context import Context, working_on
from shared.db import among, insert_new
from shared.events import Event
from shared.failures import in_words, is_away
from shared.inbox.errors import BadDeploy, NotYet
from shared.inbox.parking import Garbage, Parking
from shared.inbox.pruning import SURELY_KEPT
from shared.inbox.sorting import Held, Incoming, Key, Sorted, sort, waves
from shared.inbox.tables import INBOX, Reason
from shared.outbox.transaction import Outbox, Transaction, context_of

log = logging.getLogger(__name__)

MAX_BAD_IN_A_ROW = 20
Meanwhile = Callable[[Transaction], None]


class Streak:
    """Counts different events that failed with no success in between."""

    def __init__(self, most: int = MAX_BAD_IN_A_ROW) -> None:
        self._most = most
        self._bad: set[Any] = set()

    def good(self) -> None:
        """A handler did its work."""
        self._bad.clear()

    def bad(self, identity: Any, error: str) -> None:
        """One more failed. Raises BadDeploy."""
        self._bad.add(identity)
        if len(self._bad) >= self._most:
            raise BadDeploy(f"{len(self._bad)} events in a row failed, the last one by {error}")


class Handling:
    """Takes batches for one consumer."""

    def __init__(self, consumer: str, outbox: Outbox, streak: Streak) -> None:
        self._consumer = consumer
        self._outbox = outbox
        self._streak = streak
        self.parking = Parking(consumer)
        #: Whether anything is parked, as far as known: then effects look for what waited for them.
        self.anything_parked = True
        self._failed: dict[UUID, Held] = {}
        self._known = False

    def take(self, batch: Sequence[Incoming], garbage: Sequence[Garbage] = ()) -> None:
        """Handle what can be handled, put the rest aside; afterwards the offsets may be committed.

        Raises BadDeploy before anything that failed is put aside, and what `is_away` tells: then the whole
        batch comes again.
        """
        self._failed, self._known = {}, False
        if batch:
            self._attempt(batch)
        if not self._known:
            # Beside events that this code can handle, or has handled, a record that is none says nothing about it.
            for item in garbage:
                self._streak.bad((item.record.lane, item.record.offset), item.error)
        if self._failed or garbage:
            with self._outbox.transaction() as tx:
                self.parking.hold(tx.conn, list(self._failed.values()), tx.now)
                self.parking.bury(tx.conn, garbage, tx.now)
            self.anything_parked = True

    def _attempt(self, batch: Sequence[Incoming]) -> None:
        waiting: dict[UUID, str] = {}
        meanwhile: Meanwhile | None = None
        while True:
            try:
                self._do(meanwhile)
                with self._outbox.transaction() as tx:
                    done = self._apply(tx, batch, waiting)
            except NotYet as error:
                named, meanwhile = _named(error, batch, waiting), error.meanwhile
                if not named:
                    return self._halve(batch)
                waiting |= dict.fromkeys(named, str(error))
            except Exception as error:
                if is_away(error):
                    raise
                return self._halve(batch) if len(batch) > 1 else self._fail(Held(batch[0], Reason.FAILED), error)
            else:
                return self._note(done)

    def _do(self, meanwhile: Meanwhile | None) -> None:
        """What must hold while events wait, before anything else can happen."""
        if meanwhile is not None:
            with self._outbox.transaction() as tx:
                meanwhile(tx)

    def _halve(self, batch: Sequence[Incoming]) -> None:
        middle = len(batch) // 2
        self._attempt(batch[:middle])
        self._attempt(batch[middle:])

    def _fail(self, held: Held, error: Exception) -> None:
        held.error = in_words(error)
        self._failed[held.incoming.event.id] = held
        self._count(held)

    def _count(self, held: Held) -> None:
        # Only first tries tell something about the deployment: a few old troublemakers that come due
        # together in a quiet hour do not.
        if not held.incoming.parked:
            self._streak.bad(held.incoming.event.id, held.error or "")

    def _apply(self, tx: Transaction, batch: Sequence[Incoming], waiting: Mapping[UUID, str]) -> Sorted:
        """Everything that belongs to one transaction."""
        last = last_sequences(tx.conn, self._consumer, {incoming.key for incoming in batch})
        result = sort(batch, last, waiting, {held.incoming.key for held in self._failed.values()})
        self._guard(tx.conn, result, tx.now)
        self._find_reused(tx.conn, result, tx.now)
        for kind, events in waves([incoming for incoming in result.ready if incoming.kind.handler]):
            assert kind.handler is not None
            tx.handling(events)
            with _context_for(events):
                kind.handler(tx, events)
        self._settle(tx, result)
        return result

    def _guard(self, conn: Connection, result: Sorted, now: datetime) -> None:
        """Insert the inbox rows; what another worker has inserted meanwhile is its own."""
        rows = [
            {
                "consumer": self._consumer,
                "event_id": incoming.event.id,
                "source": incoming.event.source,
                "subject": incoming.event.subject,
                "sequence": incoming.event.sequence,
                "handled_at": now,
            }
            for incoming in result.ready
        ]
        inserted = insert_new(conn, INBOX, rows, "event_id")
        if len(inserted) < len(rows):
            result.repeated += [incoming for incoming in result.ready if incoming.event.id not in inserted]
            result.ready = [incoming for incoming in result.ready if incoming.event.id in inserted]

    def _find_reused(self, conn: Connection, result: Sorted, now: datetime) -> None:
        """Among what seems repeated, find events that were never handled: another one had their number.

        A publisher whose database was restored to an earlier moment gives numbers out again. What is old
        enough to be pruned from the inbox cannot be told apart, and counts as repeated.
        """
        young = [i for i in result.repeated if i.kind.gapless and i.event.time > now - SURELY_KEPT]
        if young:
            known = handled_among(conn, self._consumer, [incoming.event.id for incoming in young])
            result.take_reused([incoming for incoming in young if incoming.event.id not in known])

    def _settle(self, tx: Transaction, result: Sorted) -> None:
        """Bring what is parked in line with what was done."""
        done = result.ready + result.repeated
        self.parking.remove(tx.conn, [incoming.event.id for incoming in done if incoming.parked])
        self.parking.hold(tx.conn, result.held + result.reused, tx.now)
        self.anything_parked |= bool(result.held)
        if self.anything_parked and result.ready:
            self.parking.release(tx.conn, {incoming.event.subject for incoming in result.ready}, tx.now)

    def _note(self, result: Sorted) -> None:
        self._known |= bool(result.ready or result.repeated)
        handled = [incoming.kind for incoming in result.ready if incoming.kind.handler]
        if handled:
            self._streak.good()
        for held in result.malformed:
            self._failed[held.incoming.event.id] = held
            if not handled:
                self._count(held)
        for name, number in Counter(kind.name for kind in handled).items():
            metrics.EVENTS_HANDLED.labels(name).inc(number)
        metrics.EVENTS_SKIPPED.inc(len(result.ready) - len(handled))
        metrics.EVENTS_UNKNOWN.inc(sum(not incoming.kind.catalogued for incoming in result.ready))
        metrics.EVENTS_REPEATED.inc(len(result.repeated))
        for held in result.reused:
            event = held.incoming.event
            log.error(
                "The number of an event was used before", extra={"event_id": str(event.id), "about": event.name}
            )


def _named(error: NotYet, batch: Sequence[Incoming], waiting: Mapping[UUID, str]) -> set[UUID]:
    """The events that must wait: those the error names, or the only one there is."""
    ids = {incoming.event.id for incoming in batch}
    return (ids if len(ids) == 1 else ids & error.event_ids) - waiting.keys()


def _context_for(events: Sequence[Event]) -> AbstractContextManager[Any]:
    """A single event's handler works in the event's context; a list has none, so it gets a fresh one."""
    return working_on(context_of(events[0]) if len(events) == 1 else Context())


def last_sequences(conn: Connection, consumer: str, keys: Iterable[Key]) -> dict[Key, int]:
    """The highest sequence handled per (source, subject)."""
    wanted = list(keys)
    if conn.dialect.name == "postgresql":
        rows = conn.execute(
            _LAST, {"consumer": consumer, "sources": [k[0] for k in wanted], "subjects": [k[1] for k in wanted]}
        )
        return {(row.source, row.subject): row.last for row in rows if row.last is not None}
    query = select(INBOX.c.source, INBOX.c.subject, func.max(INBOX.c.sequence).label("last"))
    query = query.where(INBOX.c.consumer == consumer, INBOX.c.subject.in_([key[1] for key in wanted]))
    rows = conn.execute(query.group_by(INBOX.c.source, INBOX.c.subject))
    return {(row.source, row.subject): row.last for row in rows}


def handled_among(conn: Connection, consumer: str, event_ids: Collection[UUID]) -> set[UUID]:
    """Those of the events that the consumer has handled."""
    known = select(INBOX.c.event_id).where(INBOX.c.consumer == consumer, among(conn, INBOX.c.event_id, event_ids))
    return set(conn.execute(known).scalars())


def _last_statement() -> Any:
    """One backward step into the unique index per key, whatever the statistics say."""
    arrays = (bindparam("sources", type_=ARRAY(String)), bindparam("subjects", type_=ARRAY(Uuid)))
    asked = (
        func.unnest(*arrays).table_valued(column("source", String), column("subject", Uuid)).render_derived("asked")
    )
    newest = (
        select(INBOX.c.sequence)
        .where(
            INBOX.c.consumer == bindparam("consumer"),
            INBOX.c.source == asked.c.source,
            INBOX.c.subject == asked.c.subject,
        )
        .order_by(INBOX.c.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(asked.c.source, asked.c.subject, newest.label("last"))


_LAST = _last_statement()
