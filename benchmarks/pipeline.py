"""The whole path on the same two cores: from the commit of a concern to the commit of its owner."""

import itertools
import os
import statistics
import threading
import time
from datetime import datetime
from uuid import UUID

import psycopg
import requests
from sqlalchemy import make_url

from benchmarks.rounds import Ratio, interleaved, median
from benchmarks.wrk import Load, rate
from tests.installation import Installation

PATH = "/api/v1/feedback"
WORKERS = ("intake-worker", "routing-worker", "notifications-worker")
STEADY_PER_S, CLIENTS = 100, 10
GOAL_S = 0.060
SHARED = (
    "Six processes, the broker and PostgreSQL share the two cores: each concern is written by intake, marked sent, "
    "written by routing and by notifications. More cores close it; so would a relay that marks in fewer statements."
)


def measure(installation: Installation, rounds: int, load: Load) -> list[Ratio]:
    """Latency at a steady rate; then throughput at full load beside accepting alone."""
    installation.start("intake-web", *WORKERS)
    latencies = [_steady(installation, load.seconds) for _ in range(rounds + 1)][1:]
    runs = itertools.count()
    url = installation.web("intake") + PATH
    figures = interleaved(
        {
            "pipeline": lambda: _drained(installation, url, load, next(runs)),
            "accept": lambda: _alone(installation, url, load, next(runs)),
        },
        rounds,
    )
    installation.stop()
    work = f"commit → assigned at {STEADY_PER_S}/s, p50"
    return [
        Ratio(work, median([p50 for p50, _ in latencies]), 1.0, "s", GOAL_S, at_most=True),
        Ratio(work.replace("p50", "p99"), median([p99 for _, p99 in latencies]), 1.0, "s", 0.25, at_most=True),
        Ratio(
            "whole pipeline (accepted, relayed, assigned) ÷ accepting alone",
            median(figures["pipeline"]),
            median(figures["accept"]),
            "cases/s",
            0.4,
            why=SHARED,
        ),
    ]


def _steady(installation: Installation, seconds: float) -> tuple[float, float]:
    """p50 and p99 of the time between the two commits, as PostgreSQL stamped them."""
    _forget(installation)
    threads = [
        threading.Thread(target=_send_steadily, args=(installation.web("intake") + PATH, seconds))
        for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _await_all(installation)
    took = _between_commits(installation)
    cuts = statistics.quantiles(took, n=100)
    return cuts[49], cuts[98]


def _send_steadily(url: str, seconds: float) -> None:
    session, pace = requests.Session(), CLIENTS / STEADY_PER_S
    began = time.monotonic()
    for number in range(int(seconds / pace)):
        time.sleep(max(0.0, began + number * pace - time.monotonic()))
        body = {"text": "The light is out.", "category": "safety", "location": {"district": "22"}}
        session.post(url, json=body, timeout=10).raise_for_status()


def _between_commits(installation: Installation) -> list[float]:
    """By rows that are never updated and so keep the transaction that wrote them: audit, and first of history."""
    written = "SELECT {id}, pg_xact_commit_timestamp(xmin) FROM {table}"
    accepted = _stamps(installation, "intake", written.format(id="item_id", table="audit"))
    assigned = _stamps(installation, "routing", written.format(id="case_id", table="history WHERE sequence = 1"))
    return [(assigned[item] - at).total_seconds() for item, at in accepted.items() if item in assigned]


def _stamps(installation: Installation, service: str, query: str) -> dict[UUID, datetime]:
    with psycopg.connect(_plain(installation, service)) as conn:
        return dict(conn.execute(query).fetchall())


def _drained(installation: Installation, url: str, load: Load, run: int) -> float:
    """Cases a second from the first request until the last case has its owner."""
    for name in WORKERS:
        if not installation.processes[name].running:
            installation.start(name)
    _forget(installation)
    began = time.monotonic()
    rate(url, load, f"{os.getpid()}-pipeline-{run}")
    cases = _await_all(installation)
    return cases / (time.monotonic() - began)


def _alone(installation: Installation, url: str, load: Load, run: int) -> float:
    for name in WORKERS:
        installation.processes[name].stop()
    return rate(url, load, f"{os.getpid()}-alone-{run}")


def _await_all(installation: Installation) -> int:
    """Wait until every concern is a case; how many."""
    deadline = time.monotonic() + 120
    while (accepted := _count(installation, "intake", "submissions")) != _count(installation, "routing", "cases"):
        if time.monotonic() > deadline:
            raise TimeoutError("the pipeline did not drain within two minutes")
        time.sleep(0.02)
    return accepted


def _forget(installation: Installation) -> None:
    """Wait for what an earlier round left, then empty the tables that are counted."""
    _await_all(installation)
    for service, tables in (("intake", "submissions, audit, idempotency"), ("routing", "cases, history")):
        with psycopg.connect(_plain(installation, service), autocommit=True) as conn:
            conn.execute(f"TRUNCATE {tables} CASCADE")


def _count(installation: Installation, service: str, table: str) -> int:
    with psycopg.connect(_plain(installation, service)) as conn:
        found = conn.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def _plain(installation: Installation, service: str) -> str:
    url = make_url(installation.database_url(service)).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
