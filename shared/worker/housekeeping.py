"""Looks after a worker: clears away old rows, measures what waits, and notices a consumer that stands still."""

import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select

from shared import metrics
from shared.bus import BusUnavailable, Lag
from shared.bus.port import BusStuck
from shared.failures import Patience
from shared.inbox import Consumer
from shared.inbox.pruning import START, prune_handled
from shared.inbox.tables import PARKED, Reason
from shared.outbox.backlog import backlog, prune_sent
from shared.pulse import Pulse
from shared.timers import prune_fired
from shared.worker.runtime import Runtime

log = logging.getLogger(__name__)

EVERY_S = 5.0
PRUNE_EVERY_S = 60.0
PAGES = 20
GAP_ALERT = timedelta(seconds=60)
REMIND_EVERY_S = 60.0
#: A consumer with records to read commits some in this time, or it stands still.
STUCK_AFTER_S = 180.0

REASONS = (
    Reason.GAP, Reason.NOT_YET, Reason.FAILED, Reason.BLOCKED,
    Reason.UNKNOWN_VERSION, Reason.DEAD, Reason.UNDECODABLE, Reason.REUSED,
)  # fmt: skip


class Housekeeping:
    """One thread beside the others; nothing it does is needed for an event to arrive."""

    def __init__(self, runtime: Runtime, consumer: Consumer | None) -> None:
        self._runtime = runtime
        self._consumer = consumer
        self._progress = Progress(STUCK_AFTER_S)
        self._pruned_at = float("-inf")
        self._alerted_at: dict[str, float] = {}
        self._sent_page = 0
        self._inbox_page = START

    def run(self, pulse: Pulse) -> None:
        """Look around every few seconds until asked to stop. Raises BusStuck."""
        patience = Patience("housekeeping", pulse)
        while not pulse.wait(EVERY_S):
            try:
                self.look_around()
                patience.rewarded()
            except Exception as error:  # noqa: BLE001 - raised again unless it is an outage
                self._progress.rest()
                patience.wait_out(error)

    def look_around(self) -> None:
        """Measure, tell what is alarming, and now and then clear away."""
        now = self._runtime.clock.now()
        with self._runtime.engine.connect().execution_options(read_only=True) as conn:
            self._measure_outbox(conn, now)
            self._measure_parked(conn, now)
        if self._consumer is not None:
            self._measure_lag(self._consumer)
        if time.monotonic() - self._pruned_at > PRUNE_EVERY_S:
            self._pruned_at = time.monotonic()
            self._prune()

    def _measure_outbox(self, conn: Connection, now: datetime) -> None:
        waiting = backlog(conn, now)
        metrics.OUTBOX_BACKLOG.set(waiting.rows)
        metrics.OUTBOX_OLDEST.set(waiting.oldest.total_seconds())
        metrics.OUTBOX_ALERT.set(waiting.alarming)
        if waiting.alarming:
            self._alert("outbox", rows=waiting.rows, oldest_s=waiting.oldest.total_seconds())

    def _measure_parked(self, conn: Connection, now: datetime) -> None:
        mine = PARKED.c.consumer == self._runtime.group
        query = select(PARKED.c.reason, func.count().label("number"), func.min(PARKED.c.first_at).label("oldest"))
        rows = {row.reason: row for row in conn.execute(query.where(mine).group_by(PARKED.c.reason))}
        for reason in REASONS:
            metrics.PARKED.labels(reason).set(rows[reason].number if reason in rows else 0)
        gap = rows.get(Reason.GAP)
        age = now - gap.oldest if gap else timedelta()
        metrics.OLDEST_GAP.set(age.total_seconds())
        if gap and age > GAP_ALERT:
            self._alert("gap", events=gap.number, oldest_s=age.total_seconds())

    def _measure_lag(self, consumer: Consumer) -> None:
        try:
            lag = self._runtime.bus.lag(consumer.group, consumer.topics)
        except BusUnavailable:
            self._progress.rest()
            return
        metrics.CONSUMER_LAG.set(lag.records)
        self._progress.look(lag)

    def _alert(self, about: str, **facts: float) -> None:
        """Say it once a minute."""
        if time.monotonic() - self._alerted_at.get(about, float("-inf")) > REMIND_EVERY_S:
            self._alerted_at[about] = time.monotonic()
            log.error("Something waits too long", extra={"what": about, **facts})

    def _prune(self) -> None:
        """A few pages of every table that grows; the walk goes on where it ended last time."""
        engine, now = self._runtime.engine, self._runtime.clock.now()
        with engine.begin() as conn:
            prune_fired(conn, now)
        for _ in range(PAGES):
            with engine.begin() as conn:
                self._sent_page = prune_sent(conn, now, self._sent_page) or 0
            if not self._sent_page:
                break
        for _ in range(PAGES):
            with engine.begin() as conn:
                page: UUID | None = prune_handled(conn, self._runtime.group, now, self._inbox_page)
            self._inbox_page = page or START
            if page is None:
                break


class Progress:
    """Notices a group that has records to read and commits none."""

    def __init__(self, stuck_after_s: float) -> None:
        self._stuck_after_s = stuck_after_s
        self._committed: object = None
        self._moved_at = time.monotonic()

    def rest(self) -> None:
        """Nothing can move now."""
        self._moved_at = time.monotonic()

    def look(self, lag: Lag) -> None:
        """Compare with the last look. Raises BusStuck."""
        committed = dict(lag.committed)
        if lag.records == 0 or committed != self._committed:
            self._committed, self._moved_at = committed, time.monotonic()
        elif time.monotonic() - self._moved_at > self._stuck_after_s:
            raise BusStuck(f"{lag.records} records wait and none was committed for {self._stuck_after_s:.0f} s")
