"""Keeps a member's lease alive while its owner works, and lets it lapse when the owner stands still."""

import logging
import threading
import time
from pathlib import Path

from shared.bus.embedded import group as groups
from shared.bus.embedded.retention import Housekeeping
from shared.bus.embedded.store import Store
from shared.bus.port import BusUnavailable

log = logging.getLogger(__name__)

EVERY_S = 1.0
#: A member that has not polled for this long is taken for hung, as Kafka does.
POLL_WITHIN_S = 300.0


class Heartbeat:
    """A thread with its own connection. `expelled` says that the others went on without this member."""

    def __init__(self, path: Path, group: str, member: str) -> None:
        self._path, self._group, self._member = path, group, member
        self.poll_within_s = POLL_WITHIN_S
        self._polled = time.monotonic()
        self._stop = threading.Event()
        self._housekeeping = Housekeeping()
        self.expelled = False
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"bus-heartbeat-{group}", daemon=True)
        self._thread.start()

    def polled(self) -> None:
        """The owner is at work."""
        self._polled = time.monotonic()

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
                self._housekeeping.run_if_due(store)
            except BusUnavailable as error:
                log.warning("Could not renew the lease", extra={"group": self._group, "reason": str(error)})
        if store is not None:
            store.close()

    def _renew(self, store: Store) -> None:
        with store.writing(timeout_s=EVERY_S) as connection:
            alive = groups.renew(connection, self._group, self._member)
        self.expelled = not alive
