"""Accepting one concern, durably, beside Flask's constant answer and beside FastAPI with asyncpg."""

import itertools
import os
from contextlib import ExitStack

import psycopg

from benchmarks.ground import Ground, served
from benchmarks.peers.asgi import TABLES
from benchmarks.rounds import Ratio, interleaved, median
from benchmarks.wrk import Load, rate
from tests.installation import Installation
from tests.servers.processes import free_port

WORKERS = 2
PATH = "/api/v1/feedback"
CONSTANT = (
    "The constant answer costs the two cores some 180 µs in all. Ours adds about 155 µs in the application (strict "
    "reading, understanding, sealing with a key per item, limits, metrics, a line of log), the share of a commit "
    "of four rows in the worker, and the rest in PostgreSQL: nine index entries and a flush. What would close it: "
    "fuller commits (fewer statements for the same rows), and fewer unique indexes on the outbox."
)


def measure(ground: Ground, installation: Installation, rounds: int, load: Load) -> list[Ratio]:
    """Requests a second of the three, interleaved. The workers are not running: only the accept path is."""
    runs = itertools.count()
    with ExitStack() as stack:
        installation.start("intake-web")
        stack.callback(installation.processes["intake-web"].stop)
        urls = {
            "accept": installation.web("intake"),
            "flask": stack.enter_context(_constant(ground)),
            "fastapi": stack.enter_context(_fastapi(ground)),
        }
        variants = {
            name: lambda url=url, name=name: rate(url + PATH, load, f"{os.getpid()}-{name}-{next(runs)}")
            for name, url in urls.items()
        }
        figures = interleaved(variants, rounds)
    ours = median(figures["accept"])
    return [
        Ratio(
            "durable accept ÷ Flask constant, same gevent workers",
            ours,
            median(figures["flask"]),
            "req/s",
            0.35,
            why=CONSTANT,
        ),
        Ratio(
            "durable accept ÷ FastAPI + asyncpg, one durable insert", ours, median(figures["fastapi"]), "req/s", 1.0
        ),
    ]


def _constant(ground: Ground):  # type: ignore[no-untyped-def]
    port = free_port()
    gunicorn = ("gunicorn", "benchmarks.peers.constant:app", "-k", "gevent", "-w", str(WORKERS), "-b")
    return served(ground.directory, "constant", port, *gunicorn, f"127.0.0.1:{port}", "--no-control-socket")


def _fastapi(ground: Ground):  # type: ignore[no-untyped-def]
    url = ground.postgres.database_url("peer").replace("+psycopg", "")
    maintenance = ground.postgres.url.replace("+psycopg", "")
    with psycopg.connect(maintenance, autocommit=True) as conn:
        conn.execute("CREATE DATABASE peer")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(TABLES)
    port = free_port()
    uvicorn = ("uvicorn", "benchmarks.peers.asgi:app", "--workers", str(WORKERS), "--no-access-log", "--port")
    return served(ground.directory, "fastapi", port, *uvicorn, str(port), PEER_DATABASE=url)
