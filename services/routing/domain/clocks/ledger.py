"""The runs of every clock, one moment after the other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.routing.domain.clocks.reading import ACTED, ANSWERED, ARRIVED, ASSIGNED, MOVED, WAITS, Moment
from services.routing.domain.clocks.terms import ACCEPTANCE, FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, RESPONSES

#: While others have to act, the time until something came of a case stands still.
PAUSING = ("waiting_on_resident", "in_mediation", "referred")
DONE = ("resolved", "closed")

Pause = tuple[datetime, datetime | None]


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of a clock, not yet measured."""

    clock: str
    cycle: int
    started_at: datetime
    owner_id: UUID | None = None
    pauses: list[Pause] = field(default_factory=list)
    stopped_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing is owed under it any more."""
        return self.stopped_at is not None or self.ended_at is not None


class Ledger:
    """Follows a case from the moment it was received; `runs` are those of all clocks as they began."""

    def __init__(self, received_at: datetime) -> None:
        self.runs: list[Run] = []
        self._state = ""
        self._asked: int | None = None
        self._owners: frozenset[UUID] = frozenset()
        self._start(FIRST_RESPONSE, received_at)
        self._start(RESOLUTION, received_at)

    def follow(self, moments: Iterable[Moment]) -> list[Run]:
        """Take every moment in its order; the runs."""
        for moment in moments:
            _STEPS[moment.what](self, moment)
        return self.runs

    def answered(self, moment: Moment) -> None:
        """The resident heard from a person."""
        for clock in RESPONSES:
            self._stop(clock, moment.at)

    def waits(self, moment: Moment) -> None:
        """The resident wrote. While they wait already, they wait since then; a closed case opens anew by it."""
        if self._state != "closed" and not any(self._open(clock) for clock in RESPONSES):
            self._start(NEXT_RESPONSE, moment.at)

    def assigned(self, moment: Moment) -> None:
        """It is others' to take up; who stays an owner has taken it up or still has to."""
        going = {run.owner_id for run in self._open(ACCEPTANCE)} - moment.owners
        for run in self._open(ACCEPTANCE):
            if run.owner_id in going:
                run.ended_at = moment.at
        for owner in sorted(moment.owners - self._owners):
            self._start(ACCEPTANCE, moment.at, owner)
        self._owners = moment.owners

    def acted(self, moment: Moment) -> None:
        """Who does something with her case has taken it up."""
        for run in self._open(ACCEPTANCE):
            if run.owner_id == moment.actor:
                run.stopped_at = moment.at

    def moved(self, moment: Moment) -> None:
        """Its state changed."""
        self._state, self._asked = moment.to, moment.asked
        self._resume(moment.at)
        if moment.to in PAUSING and moment.to != "waiting_on_resident":
            self._pause(moment.at)
        if moment.origin in DONE and moment.to not in DONE:
            self._start(RESOLUTION, moment.at)
        if moment.origin == "closed":
            self._start(FIRST_RESPONSE, moment.at)
        self._settle(moment)

    def arrived(self, moment: Moment) -> None:
        """The question a wait rests on reached the resident: now it is theirs to act."""
        if self._state == "waiting_on_resident" and moment.asked == self._asked:
            self._pause(moment.at)

    def _settle(self, moment: Moment) -> None:
        if moment.to == "resolved":
            self._stop(RESOLUTION, moment.at)
            self._end(moment.at, ACCEPTANCE)
        elif moment.to == "closed":
            self._end(moment.at, *RESPONSES, RESOLUTION, ACCEPTANCE)

    def _open(self, clock: str) -> list[Run]:
        return [run for run in self.runs if run.clock == clock and not run.over]

    def _start(self, clock: str, at: datetime, owner: UUID | None = None) -> None:
        cycle = 1 + sum(run.clock == clock for run in self.runs)
        self.runs.append(Run(clock=clock, cycle=cycle, started_at=at, owner_id=owner))

    def _stop(self, clock: str, at: datetime) -> None:
        for run in self._open(clock):
            run.stopped_at = at

    def _end(self, at: datetime, *clocks: str) -> None:
        for clock in clocks:
            for run in self._open(clock):
                run.ended_at = at

    def _pause(self, at: datetime) -> None:
        for run in self._open(RESOLUTION):
            if not run.pauses or run.pauses[-1][1] is not None:
                run.pauses.append((at, None))

    def _resume(self, at: datetime) -> None:
        for run in self._open(RESOLUTION):
            if run.pauses and run.pauses[-1][1] is None:
                run.pauses[-1] = (run.pauses[-1][0], at)


_STEPS: Mapping[str, Callable[[Ledger, Moment], None]] = {
    ANSWERED: Ledger.answered,
    WAITS: Ledger.waits,
    ASSIGNED: Ledger.assigned,
    ACTED: Ledger.acted,
    MOVED: Ledger.moved,
    ARRIVED: Ledger.arrived,
}
