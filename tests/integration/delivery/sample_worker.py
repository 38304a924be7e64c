"""The sample service as a real process: `python -m tests.integration.delivery.sample_worker DATABASE BUS [MODE]`.

A mode lets it die by its own hand at the worst moment: `after-send` between send and mark, `before-commit`
between the commit of an effect and the commit of its offset. `refusing` fails every event; `hanging` never
returns from one. `calling` has a thread beside the others that waits for an executor whose call never returns;
with `silent` the watchdog takes it for dead soon.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from shared import logs
from shared.bus import Bus, Message, TopicPartition
from shared.config import Settings
from shared.events import Event
from shared.outbox import Transaction
from shared.pulse import Pulse
from shared.worker import open_runtime, process, run
from shared.worker.process import STOP_WITHIN_S
from tests.integration.delivery.station import record

KEY = "dGVzdCBzZWFsaW5nIGtleSB3aXRoIDMyIGJ5dGVzISE="
PATIENCE_S = 2.0
IMPATIENT = ("hanging", "calling", "silent")
log = logging.getLogger(__name__)
ENVIRONMENT = {
    "PUBLIC_URL": "http://localhost:8000",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "SEALING_KEYS": KEY,
    "CITY": "/",
}


def settings(database_url: str, bus_url: str, metrics_port: int = 0) -> Settings:
    own = {"DATABASE_URL": database_url, "BUS_URL": bus_url, "METRICS_PORT": str(metrics_port)}
    return Settings.load("routing", ENVIRONMENT | own)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class FatalBus:
    """A bus whose clients kill the process at one moment; everything else goes through."""

    def __init__(self, bus: Bus, mode: str) -> None:
        self._bus = bus
        self._mode = mode

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    def publisher(self) -> Any:
        inner = self._bus.publisher()
        return FatalPublisher(inner) if self._mode == "after-send" else inner

    def subscriber(self, group: str, topics: Sequence[str]) -> Any:
        inner = self._bus.subscriber(group, topics)
        return FatalSubscriber(inner) if self._mode == "before-commit" else inner


class FatalPublisher:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def publish(self, messages: Sequence[Message], timeout_s: float) -> list[bool]:
        assert all(self._inner.publish(messages, timeout_s))
        die()
        raise AssertionError

    def close(self) -> None:
        self._inner.close()


class FatalSubscriber:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        die()


def refuse(_tx: Transaction, _events: Sequence[Event]) -> None:
    raise ValueError("never")


def hang(_tx: Transaction, _events: Sequence[Event]) -> None:
    time.sleep(60)


def call(pulse: Pulse) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(time.sleep, 60)
        log.info("Calling")
        while not pulse.stopping:
            pulse.wait(0.1)


def fall_silent(_pulse: Pulse) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(time.sleep, 60).result()


def main(database_url: str, bus_url: str, mode: str = "", metrics_port: str = "0") -> int:
    logs.configure("routing")
    if mode == "silent":
        process.SILENT_AFTER_S = 7.0  # housekeeping rests for 5
    handler = {"refusing": refuse, "hanging": hang}.get(mode, record)
    with open_runtime("routing", settings(database_url, bus_url, int(metrics_port))) as runtime:
        fatal = replace(runtime, bus=FatalBus(runtime.bus, mode))
        handlers = {"note.added": handler, "message.recorded": handler}
        calls = {"calling": call, "silent": fall_silent}
        threads = {"calls": calls[mode]} if mode in calls else {}
        stop_within_s = PATIENCE_S if mode in IMPATIENT else STOP_WITHIN_S
        return run(fatal, handlers=handlers, threads=threads, stop_within_s=stop_within_s)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
