"""The clocks of a case being changed: worked out anew from its history with every change, in its transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from services.routing.domain.clocks import Interval, Telling, Terms, intervals, next_ring, standing, tellings
from services.routing.models import clock_intervals, history
from services.routing.terms import TermsBook
from shared.timers import Timer, cancel, schedule

#: One timer per case: it rings when the next thing has to be told of any of its clocks.
LOOK_AT_CLOCKS = "clocks"

_ENTRY = [history.c[name] for name in ("sequence", "type", "at", "actor_id", "data")]
_FIELDS = ("owner_id", "started_at", "warn_at", "due_at", "paused_at", "stopped_at", "ended_at")

Run = tuple[str, int]


@dataclass(frozen=True)
class Clocks:
    """What the history of a case proves. `case` is its row, `steps` are those about to be written."""

    conn: Connection
    book: TermsBook
    case: dict[str, Any]
    steps: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def terms(self) -> Terms:
        """What was promised when the case came."""
        return self.book.of_case(self.conn, self.case)

    @cached_property
    def history(self) -> list[Mapping[str, Any]]:
        """Every step of the case."""
        wanted = select(*_ENTRY).where(history.c.case_id == self.case["id"]).order_by(history.c.sequence)
        return [*self.conn.execute(wanted).mappings(), *self.steps]

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """Every run of every clock, worked out anew."""
        return intervals(self.case["received_at"], self.terms, self.history)

    @cached_property
    def tellings(self) -> list[Telling]:
        """What has to be told of them, now or later."""
        return tellings(self.intervals, self.terms, self.history)

    def stored(self) -> dict[Run, dict[str, Any]]:
        """The runs as they stand in the table, by clock and cycle."""
        wanted = select(clock_intervals).where(clock_intervals.c.case_id == self.case["id"])
        rows = self.conn.execute(wanted).mappings()
        return {(row["clock"], row["cycle"]): {name: row[name] for name in _FIELDS} for row in rows}

    def keep(self) -> None:
        """Write down what differs, let the case's row follow, and set the timer for what comes next."""
        self.case.update(summary(self.case, self.intervals))
        self._write()
        self._set_timer()

    def _write(self) -> None:
        stored, wanted = self.stored(), self.wanted()
        # An answer that turns out not to have arrived can undo a run: what it seemed to end goes on instead.
        for run in stored.keys() - wanted.keys():
            self.conn.execute(delete(clock_intervals).where(self._is(run)))
        for run in wanted.keys() & stored.keys():
            if wanted[run] != stored[run]:
                self.conn.execute(update(clock_intervals).where(self._is(run)).values(wanted[run]))
        for run in wanted.keys() - stored.keys():
            named = {"case_id": self.case["id"], "clock": run[0], "cycle": run[1]}
            self.conn.execute(insert(clock_intervals).values(named | wanted[run]))

    def wanted(self) -> dict[Run, dict[str, Any]]:
        """The runs as they ought to stand in the table."""
        return {(interval.clock, interval.cycle): row_of(interval) for interval in self.intervals}

    def _is(self, run: Run) -> Any:
        c = clock_intervals.c
        return and_(c.case_id == self.case["id"], c.clock == run[0], c.cycle == run[1])

    def _set_timer(self) -> None:
        cancel(self.conn, self.case["id"], LOOK_AT_CLOCKS)
        due_at = next_ring(self.tellings)
        if due_at is not None:
            # A timer that rang stays for a while under its number, so each has a number of its own.
            self.case["ring"] += 1
            schedule(self.conn, Timer(self.case["id"], LOOK_AT_CLOCKS, self.case["ring"], due_at))


def summary(case: Mapping[str, Any], found: Sequence[Interval]) -> dict[str, Any]:
    """What the case's own row says of its clocks."""
    stands = asdict(standing(found, case["owner_id"]))
    answered_at = stands["first_responded_at"]
    took = (answered_at - case["received_at"]).total_seconds() if answered_at is not None else None
    return stands | {"first_response_s": took}


def row_of(interval: Interval) -> dict[str, Any]:
    """What the table keeps of a run, besides which one it is."""
    return {name: getattr(interval, name) for name in _FIELDS}
