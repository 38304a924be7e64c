"""What web processes count: requests and how long they take, by route template and status."""

from functools import lru_cache

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from shared.web.cooperative import metrics_folder

REQUESTS = Counter("commonground_http_requests", "Requests answered.", ["service", "route", "method", "status"])
SECONDS = Histogram(
    "commonground_http_request_seconds",
    "Time to answer a request.",
    ["service", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


@lru_cache(maxsize=2048)
def _counter(service: str, route: str, method: str, status: str) -> Counter:
    return REQUESTS.labels(service, route, method, status)


@lru_cache(maxsize=512)
def _timer(service: str, route: str) -> Histogram:
    return SECONDS.labels(service, route)


def count(service: str, route: str, method: str, status: str, seconds: float) -> None:
    """One answered request."""
    _counter(service, route, method, status).inc()
    _timer(service, route).observe(seconds)


def exposition() -> tuple[bytes, str]:
    """The metrics of all workers of this process group, and their content type."""
    registry = REGISTRY
    if metrics_folder() is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


def forget_worker(pid: int) -> None:
    """A worker ended: drop what only described the living."""
    if metrics_folder() is not None:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
