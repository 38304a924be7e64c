"""The proof of the clocks: every one worked out anew from its history, beside what is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, RowMapping, select

from services.routing.domain.clocks import next_ring
from services.routing.handlers.casework.clocks import LOOK_AT_CLOCKS, Clocks, summary
from services.routing.models import cases, timers
from services.routing.terms import TermsBook

PAGE = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about a case that its history does not prove. None stands for nothing."""

    reference: str
    what: str
    stored: Any
    proven: Any


def replay(engine: Engine, book: TermsBook) -> Iterator[tuple[int, list[Difference]]]:
    """How many cases were looked at, and what differs, page by page. Nothing is locked and nobody has to stop.

    What differs is looked at twice: a case that was being changed meanwhile agrees the second time.
    """
    last: UUID | None = None
    while page := _page(engine, last):
        last = page[-1]
        suspects = [case_id for case_id in page if _differences(engine, book, case_id)]
        yield len(page), [found for case_id in suspects for found in _differences(engine, book, case_id)]


def _page(engine: Engine, after: UUID | None) -> Sequence[UUID]:
    wanted = select(cases.c.id).order_by(cases.c.id).limit(PAGE)
    with engine.connect().execution_options(read_only=True) as conn:
        return conn.scalars(wanted.where(cases.c.id > after) if after else wanted).all()


def _differences(engine: Engine, book: TermsBook, case_id: UUID) -> list[Difference]:
    with engine.connect().execution_options(read_only=True) as conn:
        case = conn.execute(select(cases).where(cases.c.id == case_id)).mappings().one_or_none()
        return [] if case is None else [*_of_case(conn, book, case)]


def _of_case(conn: Connection, book: TermsBook, case: RowMapping) -> Iterator[Difference]:
    clocks = Clocks(conn, book, dict(case))
    stored, proven = clocks.stored(), clocks.wanted()
    for run in sorted(stored.keys() | proven.keys()):
        if stored.get(run) != proven.get(run):
            yield Difference(case["reference"], f"{run[0]} {run[1]}", stored.get(run), proven.get(run))
    for name, value in summary(clocks.case, clocks.intervals).items():
        if case[name] != value:
            yield Difference(case["reference"], name, case[name], value)
    ring, next_at = _ring(conn, case["id"]), next_ring(clocks.tellings)
    if ring != next_at:
        yield Difference(case["reference"], "timer", ring, next_at)


def _ring(conn: Connection, case_id: UUID) -> Any:
    t = timers.c
    waiting = t.item_id == case_id, t.kind == LOOK_AT_CLOCKS, t.fired_at.is_(None)
    return conn.scalar(select(t.due_at).where(*waiting))
