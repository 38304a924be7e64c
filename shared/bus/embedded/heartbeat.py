"""Keeps a member's lease alive while its owner works, and lets it lapse when the owner stands still."""

import logging
import threading
import time
from pathlib import Path

from shared.bus.embedded import group as groups
from shared.bus.embedded.retention import Housekeeping
from shared.bus.embedded.store import Store
from shared.bus.port import BusStuck, BusUnavailable

log = logging.getLogger(__name__)

EVERY_S = 1.0
#: A member that has not polled for this long is taken for hung, as Kafka does.
POLL_WITHIN_S = 300.0
#: One renewal may fail for a busy moment; several in a row are an outage, and the owner has to know.
OUTAGE_AFTER_S = 3.0


class Heartbeat:
    """A thread with its own connection. `expelled` says that the others went on without this member."""

    def __init__(self, path: Path, group: str, member: str) -> None:
        self._path, self._group, self._member = path, group, member
        self.poll_within_s = POLL_WITHIN_S
        self._polled = time.monotonic()
        self._failing_since: float | None = None
        self._stop = threading.Event()
        self._housekeeping = Housekeeping()
        self.expelled = False
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"bus-heartbeat-{group}", daemon=True)
        self._thread.start()

    def polled(self) -> None:
        """The owner is at work. Raises what keeps the lease from being renewed."""
        if self.failure is not None:
            raise BusStuck("The heartbeat of the bus has died") from self.failure
        self._polled = time.monotonic()
        if self._failing_since is not None and self._polled - self._failing_since > OUTAGE_AFTER_S:
            raise BusUnavailable(f"The lease could not be renewed for {OUTAGE_AFTER_S:.0f} s")

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        try:
            self._beat()
        except BaseException as error:  # noqa: BLE001 - carried to the owner's thread, which ends the process
            self.failure = error

    def _beat(self) -> None:
        store: Store | None = None
        while not self._stop.wait(EVERY_S) and not self.expelled:
            if time.monotonic() - self._polled > self.poll_within_s:
                continue
            try:
                store = store or Store(self._path, "NORMAL")
                self._renew(store)
                self._failing_since = None
                self._housekeeping.run_if_due(store)
            except BusUnavailable as error:
                self._failing_since = self._failing_since or time.monotonic()
                log.warning("Could not renew the lease", extra={"group": self._group, "reason": str(error)})
        if store is not None:
            store.close()

    def _renew(self, store: Store) -> None:
        with store.writing(timeout_s=EVERY_S) as connection:
            alive = groups.renew(connection, self._group, self._member)
        self.expelled = not alive
