"""Rehearsals: a draft decides the past in the worker, for somebody who waits for it in a page."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, false, func, null, or_, select, update

from services.routing.domain.refusals import Impossible
from services.routing.domain.roles import REHEARSE, need
from services.routing.domain.rules import RuleSet, Unreadable, read
from services.routing.domain.sight import Actor, sight_of
from services.routing.domain.simulation import Past, Result, simulated
from services.routing.handlers.rules.drafts import Draft
from services.routing.handlers.rules.forecast import as_data
from services.routing.handlers.rules.past import Archive, pasts
from services.routing.models import cases, exclusions, rehearsals
from services.routing.office import Office
from services.routing.queries.actors import actor_by_id
from services.routing.queries.sight import visible
from shared.clock import Clock
from shared.db import insert_rows, is_outage
from shared.ids import new_id
from shared.outbox import Transaction

log = logging.getLogger(__name__)

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
LONGEST_DAYS = 366
#: Told to the page after so many concerns; a rehearsal that says nothing for so long is taken up anew.
TOLD_EVERY = 200
SILENT = timedelta(minutes=2)
#: How many cases of a rehearsal's time are closed now to whoever asked for it.
WALLS = (
    select(func.count())
    .select_from(exclusions.join(cases, cases.c.id == exclusions.c.case_id))
    .where(
        exclusions.c.person_id == rehearsals.c.asked_by,
        cases.c.received_at >= rehearsals.c.since,
        cases.c.received_at < rehearsals.c.until,
    )
    .correlate(rehearsals)
    .scalar_subquery()
)
#: It counts a case that was closed since to whoever asked: nobody is shown it, and the worker begins anew.
OUTDATED = (rehearsals.c.state == DONE) & (rehearsals.c.walls != WALLS)


def rehearse(tx: Transaction, person: Actor, draft: Draft, days: int) -> UUID:
    """Ask the worker. Raises Impossible for a text that is no rule set; its other problems do not matter."""
    need(person.role, REHEARSE)
    try:
        read(draft.text)
    except Unreadable as error:
        raise Impossible(f"These are no rules yet. {error.problems[0]}") from None
    made, since = new_id(), tx.now - timedelta(days=max(1, min(days, LONGEST_DAYS)))
    asked = {
        "id": made, "draft_id": draft.id, "asked_by": person.id, "text": draft.text, "since": since,
        "until": tx.now, "state": WAITING, "done": 0, "total": _count(tx.conn, person, since, tx.now),
        "touched_at": tx.now,
    }  # fmt: skip
    # Only the last is ever shown, so only the last is begun anew when a wall rises.
    mine = (rehearsals.c.draft_id == draft.id, rehearsals.c.asked_by == person.id)
    tx.conn.execute(delete(rehearsals).where(*mine))
    insert_rows(tx.conn, rehearsals, [asked])
    return made


def _count(conn: Connection, person: Actor, since: datetime, until: datetime) -> int:
    came = (cases.c.received_at >= since) & (cases.c.received_at < until)
    counted = select(func.count()).select_from(cases).where(came, visible(sight_of(person)))
    return conn.scalar(counted) or 0


@dataclass(frozen=True)
class Stage:
    """Where the worker rehearses. It writes how far it is apart from what it reads."""

    engine: Engine
    clock: Clock
    office: Office

    def step(self, going: Callable[[], bool] = lambda: True) -> bool:
        """Take one that waits, to its end or while `going`; whether there was one."""
        asked = self._take()
        if asked is None:
            return False
        try:
            result = self._run(asked, going)
        except Exception as error:
            if is_outage(error):
                raise  # taken up anew when the database is back
            log.exception("a rehearsal failed")
            self._tell(asked["id"], state=FAILED)
        else:
            if result is not None:
                self._tell(asked["id"], state=DONE, done=result.decided, result=as_data(result))
        return True

    def _take(self) -> Any:
        c, now = rehearsals.c, self.clock.now()
        free = or_(c.state == WAITING, (c.state == RUNNING) & (c.touched_at < now - SILENT), OUTDATED)
        first = select(rehearsals).where(free).order_by(c.touched_at, c.id).limit(1)
        with self.engine.begin() as conn:
            asked = conn.execute(first).mappings().first()
            if asked is None:
                return None
            taking = update(rehearsals).where(c.id == asked["id"], free)
            begun = {"state": RUNNING, "touched_at": now, "walls": WALLS, "done": 0, "result": null()}
            return asked if conn.execute(taking.values(begun)).rowcount else None

    def _run(self, asked: Any, going: Callable[[], bool]) -> Result | None:
        """The result; None when it was asked to stop before the end."""
        rules, result = read(asked["text"]).rules, Result()
        with self.engine.connect().execution_options(read_only=True) as conn:
            for result in simulated(self._past(conn, rules, asked), rules, self.office.directory):
                if result.decided % TOLD_EVERY == 0:
                    if not going():
                        return None
                    self._tell(asked["id"], done=result.decided)
        return result

    def _past(self, conn: Connection, rules: RuleSet, asked: Any) -> Iterator[Past]:
        """What came, as far as whoever asked may count it; nothing for somebody who has left."""
        person = actor_by_id(conn, asked["asked_by"])
        within = visible(sight_of(person)) if person else false()
        return pasts(Archive(conn, self.office), rules, asked["since"], asked["until"], within)

    def _tell(self, rehearsal_id: UUID, **values: Any) -> None:
        told = update(rehearsals).where(rehearsals.c.id == rehearsal_id)
        with self.engine.begin() as conn:
            conn.execute(told.values(**values, touched_at=self.clock.now()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """One as the page shows it, to whoever asked for it and to nobody else."""

    id: UUID
    state: str
    done: int
    total: int
    since: datetime
    until: datetime
    result: dict[str, Any] | None


def last_rehearsal(conn: Connection, person: Actor, draft_id: UUID) -> Rehearsal | None:
    """The last one this person asked for of the draft. One that is outdated waits to be begun anew."""
    c = rehearsals.c
    wanted = (
        select(*[c[name] for name in Rehearsal.__slots__], OUTDATED.label("outdated"))
        .where(c.draft_id == draft_id, c.asked_by == person.id)
        .order_by(c.until.desc(), c.id.desc())
        .limit(1)
    )
    row = conn.execute(wanted).mappings().first()
    if row is None:
        return None
    found = {name: row[name] for name in Rehearsal.__slots__}
    found["total"] = _count(conn, person, row["since"], row["until"])
    if row["outdated"]:
        found.update(state=WAITING, done=0, result=None)
    return Rehearsal(**found | {"done": min(found["done"], found["total"])})
