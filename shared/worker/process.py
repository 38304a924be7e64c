"""Runs the threads of a worker, ends the process when one of them dies, and stops cleanly when asked."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from shared.failures import in_words
from shared.inbox import Consumer, Handler
from shared.outbox.relay import Relay
from shared.pulse import Pulse
from shared.timers import Fire, Timers
from shared.worker.health import serve_health
from shared.worker.housekeeping import Housekeeping
from shared.worker.runtime import Runtime

log = logging.getLogger(__name__)

Work = Callable[[Pulse], None]

#: A clean stop takes less; then the process goes anyway, which is as safe as kill -9.
STOP_WITHIN_S = 12.0
#: No loop of ours is silent for so long: its waits are bounded by time-outs far below.
SILENT_AFTER_S = 120.0
LOOK_EVERY_S = 0.2


@dataclass
class _Thread:
    """One thread and how it ended."""

    name: str
    work: Work
    pulse: Pulse
    error: BaseException | None = None
    told: bool = False
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        # Daemons: a thread that hangs in a library must not keep a dead process alive.
        self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def _run(self) -> None:
        try:
            self.work(self.pulse)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the process ends with it
            self.error = error

    @property
    def trouble(self) -> str | None:
        """Why this thread ends the process; None while all is well."""
        if self.error is not None:
            return f"failed: {in_words(self.error)}"
        if not self.thread.is_alive():
            return None if self.pulse.stopping else "ended without being asked to"
        return f"is silent for {SILENT_AFTER_S:.0f} s" if self.pulse.silent_for_s > SILENT_AFTER_S else None


def run(
    runtime: Runtime,
    *,
    handlers: Mapping[str, Handler],
    fire: Mapping[str, Fire] | None = None,
    threads: Mapping[str, Work] | None = None,
    stop_within_s: float = STOP_WITHIN_S,
) -> int:
    """Work until SIGTERM or SIGINT; the exit code of the process: 0 after a clean stop, 1 otherwise.

    `handlers` maps event names to `handler(tx, events)`, `fire` maps timer kinds to `fire(tx, timers)`.
    `threads` are more loops of the service: functions of a Pulse that return when `pulse.stopping`, call
    `pulse.beat()` or `pulse.wait(seconds)` at least every two minutes, and may raise to end the process.
    Must be called on the main thread. Does not return when a thread hangs: the process ends then and there.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    works = _works(runtime, handlers, fire or {}) | dict(threads or {})
    team = [_Thread(name, work, Pulse(stop)) for name, work in works.items()]
    with serve_health(runtime, [member.pulse for member in team]):
        for member in team:
            member.thread.start()
        log.info("Worker started", extra={"threads": sorted(works)})
        trouble = _watch(team, stop)
        stop.set()
        clean = _join(team, stop_within_s)
    log.log(logging.INFO if clean and not trouble else logging.CRITICAL, "Worker ended", extra={"clean": clean})
    if any(member.thread.is_alive() for member in team):
        _go(1)
    return 0 if clean and not trouble else 1


def _works(runtime: Runtime, handlers: Mapping[str, Handler], fire: Mapping[str, Fire]) -> dict[str, Work]:
    consumer = Consumer(runtime.bus, runtime.group, handlers, runtime.outbox) if handlers else None
    works: dict[str, Work] = {
        "relay": Relay(runtime.outbox, runtime.bus, runtime.bell).run,
        "housekeeping": Housekeeping(runtime, consumer).run,
    }
    if consumer is not None:
        works["consumer"] = consumer.run
    if fire:
        works["timers"] = Timers(runtime.outbox, fire).run
    return works


def _watch(team: list[_Thread], stop: threading.Event) -> bool:
    """Wait for a signal or the first trouble; whether there was trouble."""
    while not stop.wait(LOOK_EVERY_S):
        for member in team:
            if member.trouble:
                _tell(member)
                return True
    return False


def _join(team: list[_Thread], stop_within_s: float) -> bool:
    """Let every thread finish what it is at; whether all did, without an error."""
    deadline = time.monotonic() + stop_within_s
    for member in team:
        member.thread.join(max(0.0, deadline - time.monotonic()))
    unfinished = [member for member in team if member.thread.is_alive() or member.error]
    for member in unfinished:
        if not member.told:
            _tell(member)
    return not unfinished


def _go(code: int) -> NoReturn:
    """End the process at once.

    A thread that hangs may hold what closing needs, and the interpreter waits at its end for the threads of
    executors.
    """
    for handler in logging.getLogger().handlers:
        handler.flush()
    os._exit(code)


def _tell(member: _Thread) -> None:
    member.told = True
    extra = {"worker_thread": member.name, "trouble": member.trouble or "did not end in time"}
    log.critical("A thread of the worker is in trouble", extra=extra, exc_info=member.error)
