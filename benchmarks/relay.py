"""The relay (outbox → Kafka, acknowledged, marked) beside a bare producer at the same batch."""

import time
from collections.abc import Callable
from itertools import islice

import orjson
from kafka import KafkaProducer
from sqlalchemy import Engine, text

from benchmarks.events import received
from benchmarks.ground import Ground
from benchmarks.rounds import Ratio, interleaved, median
from services.intake.models import outbox as outbox_table
from shared.bus import Bus, Message, connect
from shared.clock import SystemClock
from shared.db import connect as connect_database
from shared.db import insert_rows
from shared.events import to_message
from shared.outbox import Outbox
from shared.outbox.bell import bell_for
from shared.outbox.relay import BATCH, Relay
from shared.outbox.transaction import outbox_row
from shared.sealing import Keyring
from tests.installation import Installation

EVENTS = 10_000
TOPIC = "commonground.feedback"


def measure(ground: Ground, installation: Installation, rounds: int) -> list[Ratio]:
    """Events a second of both, interleaved, over the same events."""
    engine = connect_database(installation.database_url("intake"))
    bus = connect(ground.kafka.url)
    keyring = Keyring([b"k" * 32])
    rows = [outbox_row(event, TOPIC) for event in (received(keyring, n) for n in range(EVENTS))]
    messages = [to_message(TOPIC, orjson.loads(row["attributes"]), row["body"]) for row in rows]
    outbox = Outbox(engine, outbox_table, "/intake", SystemClock(), bell_for(engine))
    variants: dict[str, Callable[[], float]] = {
        "relay": lambda: _relayed(outbox, bus, rows),
        "producer": lambda: _produced(ground.kafka.url, messages),
    }
    figures = interleaved(variants, rounds)
    bus.close()
    engine.dispose()
    work = f"relay at {BATCH} a batch ÷ bare producer at the same batch"
    return [Ratio(work, median(figures["relay"]), median(figures["producer"]), "events/s", 0.3)]


def _relayed(outbox: Outbox, bus: Bus, rows: list[dict[str, object]]) -> float:
    relay = Relay(outbox, bus, bell_for(outbox.engine))
    relay.step()
    _fill(outbox.engine, rows)
    started = time.perf_counter()
    sent = 0
    while sent < len(rows):
        sent += relay.step()
    elapsed = time.perf_counter() - started
    relay.close()
    return len(rows) / elapsed


def _fill(engine: Engine, rows: list[dict[str, object]]) -> None:
    with engine.begin() as conn:
        conn.execute(text("TRUNCATE outbox"))
        insert_rows(conn, outbox_table, rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("VACUUM ANALYZE outbox"))


def _produced(url: str, messages: list[Message]) -> float:
    """kafka-python alone, as durable and as ordered: all acknowledgements, one request in flight."""
    producer = KafkaProducer(
        bootstrap_servers=url.removeprefix("kafka://"),
        acks="all",
        enable_idempotence=False,
        max_in_flight_requests_per_connection=1,
        batch_size=256 * 1024,
    )
    producer.partitions_for(TOPIC)
    started = time.perf_counter()
    waiting = iter(messages)
    while batch := list(islice(waiting, BATCH)):
        futures = [producer.send(m.topic, value=m.value, key=m.key, headers=list(m.headers)) for m in batch]
        producer.flush(timeout=30)
        for future in futures:
            future.get(timeout=30)
    elapsed = time.perf_counter() - started
    producer.close(timeout=5)
    return len(messages) / elapsed
