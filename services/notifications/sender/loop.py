"""The sender: a few messages at a time, from claim to record, until it is told to stop."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from services.notifications.domain.failures import LATE, UNSENDABLE
from services.notifications.domain.outcome import NotTaken, Outcome, Unknown
from services.notifications.sender.claim import Claimed, Desk, NotNow, claim
from services.notifications.sender.port import TooLate, Unwritable
from services.notifications.sender.queue import due, release_configured
from services.notifications.sender.record import give_up_lost, record
from shared import metrics
from shared.context import Context, working_on
from shared.db import is_outage
from shared.outbox import Outbox
from shared.pulse import Pulse

PARALLEL = 4
IDLE_S = 0.25
# A wake comes from inside the transaction that queues: look often until its commit can be seen.
EAGER_S, EAGER_FOR_S = 0.01, 1.0
REST_S = 1.0
RECOVER_EVERY_S = 1.0
FAULTY_FOR_S = 60.0
log = logging.getLogger(__name__)


class Sender:
    """Several may run, in one process or many: the claim decides who sends."""

    def __init__(
        self, outbox: Outbox, desk: Desk, *, consents_current: Callable[[], bool], parallel: int = PARALLEL
    ) -> None:
        self._outbox = outbox
        self._desk = desk
        self._consents_current = consents_current
        self._parallel = parallel
        self._woken = threading.Event()
        self._eager_until = 0.0
        self._recover_at = 0.0
        self._in_flight: set[UUID] = set()
        self._faulty: dict[UUID, float] = {}

    def wake(self) -> None:
        """Messages are being queued: look again soon. Never blocks; for any thread."""
        self._eager_until = time.monotonic() + EAGER_FOR_S
        self._woken.set()

    def run(self, pulse: Pulse) -> None:
        """Send until it is told to stop; then wait for the calls under way, a dozen seconds at most."""
        with ThreadPoolExecutor(self._parallel, thread_name_prefix="send") as pool:
            self._insist(self._release, pulse)
            while not pulse.stopping:
                pulse.beat()
                if not self._step(pool, pulse):
                    self._woken.wait(EAGER_S if time.monotonic() < self._eager_until else IDLE_S)
                    self._woken.clear()

    def drain(self) -> int:
        """Send everything that is due now, one by one; how many were taken up."""
        self._recover()
        taken = 0
        while chosen := self._due(1):
            self._deliver(chosen[0], Pulse())
            taken += 1
        return taken

    def _step(self, pool: ThreadPoolExecutor, pulse: Pulse) -> int:
        """Start what is due and has room; how many."""
        try:
            self._recover()
            chosen = self._due(self._parallel - len(self._in_flight))
        except SQLAlchemyError as error:
            self._rest(error, pulse)
            return 0
        for message_id in chosen:
            self._in_flight.add(message_id)
            pool.submit(self._send, message_id, pulse)
        return len(chosen)

    def _due(self, room: int) -> list[UUID]:
        if room <= 0:
            return []
        now = time.monotonic()
        self._faulty = {key: until for key, until in self._faulty.items() if until > now}
        with self._outbox.engine.connect().execution_options(read_only=True) as conn:
            return due(
                conn,
                self._outbox.clock.now(),
                providers=self._desk.providers,
                automatic_texts=self._consents_current(),
                besides=self._in_flight | set(self._faulty),
                limit=room,
            )

    def _send(self, message_id: UUID, pulse: Pulse) -> None:
        """One message in a thread of the pool; no message may end the sender."""
        try:
            self._deliver(message_id, pulse)
        except Exception:
            log.exception("A message could not be sent", extra={"message_id": str(message_id)})
            self._faulty[message_id] = time.monotonic() + FAULTY_FOR_S
        finally:
            self._in_flight.discard(message_id)
            self._woken.set()

    def _deliver(self, message_id: UUID, pulse: Pulse) -> None:
        claimed = self._claim(message_id, pulse)
        if claimed is None:
            return
        with working_on(Context(correlationid=claimed.message.correlationid)):
            outcome, called = _call(claimed)
            _tell(claimed, outcome)
            self._insist(lambda: self._record(claimed, outcome, called=called), pulse)

    def _claim(self, message_id: UUID, pulse: Pulse) -> Claimed | None:
        try:
            with self._outbox.transaction() as tx:
                return claim(tx, message_id, self._desk)
        except NotNow:
            return None
        except SQLAlchemyError as error:
            self._rest(error, pulse)
            return None

    def _record(self, claimed: Claimed, outcome: Outcome, *, called: bool) -> None:
        with self._outbox.transaction() as tx:
            record(tx, claimed, outcome, called=called)

    def _recover(self) -> None:
        """Once a second, look for attempts whose sender is gone."""
        if time.monotonic() >= self._recover_at:
            with self._outbox.transaction() as tx:
                give_up_lost(tx)
            self._recover_at = time.monotonic() + RECOVER_EVERY_S

    def _release(self) -> None:
        with self._outbox.transaction() as tx:
            release_configured(tx, self._desk.providers)

    def _insist(self, work: Callable[[], None], pulse: Pulse) -> None:
        """Do it as soon as the database is there; when told to stop, try once more and leave it."""
        while True:
            stopping = pulse.stopping
            try:
                return work()
            except SQLAlchemyError as error:
                if stopping:
                    raise
                self._rest(error, pulse)

    def _rest(self, error: SQLAlchemyError, pulse: Pulse) -> None:
        """Wait a second when the database is away; anything else is a fault of ours."""
        if not is_outage(error):
            raise error
        log.warning("The database is away; the sender waits", extra={"reason": type(error).__name__})
        pulse.paused_by = "the database is away"
        pulse.wait(REST_S)
        pulse.paused_by = None


def _call(claimed: Claimed) -> tuple[Outcome, bool]:
    """The provider's answer and whether it says anything about the provider.

    What breaks in between leaves the message unknown, and is a fault of ours: the next message's provider
    is none the worse for it.
    """
    try:
        claimed.call.check_start()
        return claimed.provider.send(claimed.outgoing, claimed.call), True
    except TooLate:
        return NotTaken(LATE), False
    except Unwritable as error:
        return NotTaken(UNSENDABLE, code=str(error)), False
    except Exception as error:
        log.exception("A provider's adapter failed", extra={"provider": claimed.provider.name})
        return Unknown(type(error).__name__), False


def _tell(claimed: Claimed, outcome: Outcome) -> None:
    metrics.HANDED_OVER.labels(claimed.provider.name, type(outcome).__name__).inc()
    log.info(
        "A message was handed over" if not isinstance(outcome, NotTaken) else "A message was not taken",
        extra={
            "message_id": str(claimed.message.id),
            "case_id": str(claimed.message.case_id),
            "attempt_id": str(claimed.outgoing.attempt_id),
            "provider": claimed.provider.name,
            "outcome": type(outcome).__name__,
            "failure": getattr(getattr(outcome, "failure", None), "name", None),
        },
    )
