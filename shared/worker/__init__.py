"""The worker process of a service: relay, consumer, timers and housekeeping, each on its thread."""

from shared.worker.process import run
from shared.worker.runtime import Runtime, open_runtime

__all__ = ["Runtime", "open_runtime", "run"]
