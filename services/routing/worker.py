"""The worker process of routing: which events and timers it reacts to, and how it runs."""

from collections.abc import Mapping

from services.routing.handlers.casework.clocks import LOOK_AT_CLOCKS
from services.routing.handlers.casework.dispute import CLOSE_RESOLVED
from services.routing.handlers.fire import OnCase, close_resolved, tell_of_clocks
from services.routing.handlers.open_cases import OpenCases
from services.routing.handlers.people import sweep_up, sync_queues
from services.routing.handlers.record_delivery import RecordDelivery
from services.routing.handlers.record_messages import RecordMessages
from services.routing.handlers.rules import Stage
from services.routing.office import Office
from shared import cities
from shared.config import Settings
from shared.db import is_outage
from shared.inbox import Handler
from shared.pulse import Pulse
from shared.timers import Fire
from shared.worker import Runtime, open_runtime
from shared.worker import run as run_worker

LOOK_AGAIN_S = 30.0
REHEARSE_EVERY_S = 1.0


def reactions(office: Office) -> Mapping[str, Handler]:
    """When X was published, do Y."""
    return {
        "feedback.received": OpenCases(office),
        "message.received": RecordMessages(office),
        "delivery.changed": RecordDelivery(office),
    }


def rings(office: Office) -> Mapping[str, Fire]:
    """When a moment has come, do Y."""
    return {
        LOOK_AT_CLOCKS: OnCase(office, tell_of_clocks),
        CLOSE_RESOLVED: OnCase(office, close_resolved),
    }


def run(settings: Settings) -> int:
    """Work until SIGTERM; the exit code."""
    office = Office.of(cities.load(settings.city), settings)
    with open_runtime("routing", settings) as runtime:
        return run_worker(
            runtime,
            handlers=reactions(office),
            fire=rings(office),
            threads={"queues": QueueKeeping(runtime, office), "rehearsals": Rehearsing(runtime, office)},
        )


class QueueKeeping:
    """Keeps the queues' owners in step with the city pack, from the first moment the database answers, and
    open cases with people who are there.
    """

    def __init__(self, runtime: Runtime, office: Office) -> None:
        self._runtime = runtime
        self._office = office

    def __call__(self, pulse: Pulse) -> None:
        """Until asked to stop."""
        while not pulse.stopping:
            self._look()
            pulse.wait(LOOK_AGAIN_S)

    def _look(self) -> None:
        try:
            with self._runtime.engine.begin() as conn:
                sync_queues(conn, self._office)
            sweep_up(self._runtime.outbox, self._office)
        except Exception as error:
            if not is_outage(error):
                raise


class Rehearsing:
    """Lets drafts of rules decide the past, one after the other, for those who wait for it in a page."""

    def __init__(self, runtime: Runtime, office: Office) -> None:
        self._stage = Stage(runtime.engine, runtime.clock, office)

    def __call__(self, pulse: Pulse) -> None:
        """Until asked to stop."""
        while not pulse.stopping:
            try:
                while self._stage.step(lambda: _goes_on(pulse)):
                    pulse.beat()
            except Exception as error:
                if not is_outage(error):
                    raise
            pulse.wait(REHEARSE_EVERY_S)


def _goes_on(pulse: Pulse) -> bool:
    pulse.beat()
    return not pulse.stopping
