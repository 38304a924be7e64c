"""Intake's worker process: sends what was accepted, follows what routing decides, lets go of old answers."""

from sqlalchemy import delete

from services.intake.handlers.follow import Following
from services.intake.handlers.staff import know_staff
from services.intake.models import idempotency
from shared.config import Settings
from shared.failures import Patience
from shared.inbox import Handler
from shared.pulse import Pulse
from shared.sealing import Keyring
from shared.worker import Runtime, open_runtime
from shared.worker import run as work

SERVICE = "intake"
FORGET_EVERY_S = 60.0


def handlers(keyring: Keyring) -> dict[str, Handler]:
    """When this happens, that is done. Every event of a case moves the view on, so all are listed."""
    follow = Following(keyring).follow
    return {
        "case.opened": follow,
        "case.assigned": follow,
        "case.accepted": follow,
        "state.changed": follow,
        "reply.written": follow,
        "message.recorded": follow,
        "note.added": follow,
        "contact.logged": follow,
        "delivery.recorded": follow,
        "response.warned": follow,
        "response.overdue": follow,
        "response.escalated": follow,
        "person.changed": know_staff,
    }


class Forgetting:
    """Deletes answers to idempotency keys when their day is over."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def run(self, pulse: Pulse) -> None:
        """Look once a minute until asked to stop."""
        patience = Patience("forgetting", pulse)
        while not pulse.wait(FORGET_EVERY_S):
            try:
                self.forget()
                patience.rewarded()
            except Exception as error:  # noqa: BLE001 - raised again unless it is an outage
                patience.wait_out(error)

    def forget(self) -> int:
        """Delete what has expired; how many."""
        expired = delete(idempotency).where(idempotency.c.expires_at <= self._runtime.clock.now())
        with self._runtime.engine.begin() as conn:
            return conn.execute(expired).rowcount


def run(settings: Settings) -> int:
    """Work until SIGTERM; the exit code."""
    with open_runtime(SERVICE, settings) as runtime:
        threads = {"forgetting": Forgetting(runtime).run}
        return work(runtime, handlers=handlers(Keyring(settings.sealing_keys)), threads=threads)
