"""The consumer (inbox, owned case, outbox in one transaction, then offsets) beside raw multi-row inserts."""

import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.string import TextLoader
from sqlalchemy import make_url, text

from benchmarks.events import received
from benchmarks.ground import Ground
from benchmarks.rounds import Ratio, interleaved, median
from services.routing.models import metadata
from services.routing.office import Office
from services.routing.worker import reactions
from shared import cities
from shared.bus import TOPICS, connect
from shared.config import Settings
from shared.db import connect as connect_database
from shared.events import encode, to_message
from shared.inbox import Consumer
from shared.sealing import Keyring
from shared.worker import open_runtime
from tests.installation import Installation

EVENTS = 5_000
BATCH = 500
TOPIC = "commonground.feedback"
#: The column that holds the case's id, whatever the table calls it.
ABOUT = ("case_id", "item_id", "subject", "id", "name", "key", "event_id", "code")
DECIDING = (
    "Opening a case now reads its story for names and conduct, works out its wall, keeps four clocks and what a "
    "replay needs; before walls, rules and clocks came the ratio was 1.15. Which of these costs how much "
    "has not been measured apart; that comes first, then the dearest of them is worked out once for a batch."
)
STAFF = {"people", "queues", "alembic_version", "invitations", "tokens", "sessions", "outbox"}
Table = tuple[str, list[str], Sequence[Sequence[Any]]]


def measure(ground: Ground, installation: Installation, rounds: int) -> list[Ratio]:
    """Events a second into cases, against the very same rows written by psycopg alone."""
    settings = Settings.load("routing", installation.environment(installation.described["routing-worker"]))
    events = [received(Keyring(settings.sealing_keys), number) for number in range(EVENTS)]
    consumption = _Consumption(ground, settings, [to_message(TOPIC, *encode(event)) for event in events])
    consumption.run()
    floor = _Floor(settings.database_url, consumption.written())
    figures = interleaved({"consumer": consumption.run, "insert": floor.run}, rounds)
    work = f"consumer at {BATCH} a batch ÷ raw multi-row insert of the same rows"
    return [Ratio(work, median(figures["consumer"]), median(figures["insert"]), "events/s", 0.6, why=DECIDING)]


class _Consumption:
    """Each run reads the same events from a topic of its own into empty tables."""

    def __init__(self, ground: Ground, settings: Settings, messages: list[Any]) -> None:
        self._url = ground.kafka.url
        self._settings = settings
        self._messages = messages
        self._runs = 0

    def run(self) -> float:
        self._runs += 1
        bus = connect(f"{self._url}?topic_prefix=consume{self._runs}.")
        bus.create_topics(TOPICS)
        publisher = bus.publisher()
        for start in range(0, len(self._messages), BATCH):
            assert all(publisher.publish(self._messages[start : start + BATCH], 30.0))
        publisher.close()
        _empty(self._settings.database_url)
        with open_runtime("routing", self._settings) as runtime:
            handlers = reactions(Office.of(cities.load(self._settings.city), self._settings))
            consumer = Consumer(bus, "routing", handlers, runtime.outbox, batch=BATCH)
            while not (done := consumer.step(0.1)):
                pass
            started = time.perf_counter()
            measured = 0
            while done + measured < len(self._messages):
                measured += consumer.step(0.1)
            elapsed = time.perf_counter() - started
            consumer.close()
        bus.close()
        return measured / elapsed

    def written(self) -> list[Table]:
        """Every row the run left, table by table."""
        with psycopg.connect(_plain(self._settings.database_url)) as conn:
            # JSON as text, ready to be written again: the floor shall not pay for making it.
            conn.adapters.register_loader("jsonb", TextLoader)
            tables = [_rows(conn, t.name) for t in metadata.sorted_tables if t.name not in STAFF - {"outbox"}]
        return [table for table in tables if len(table[2]) >= EVENTS]


def _rows(conn: psycopg.Connection[Any], name: str) -> Table:
    # In one order for all tables, or a slice of one would refer to rows of another that come later.
    table = metadata.tables[name]
    about = next((column for column in ABOUT if column in table.c), table.primary_key.columns.keys()[0])
    query = sql.SQL("SELECT * FROM {} ORDER BY {}").format(sql.Identifier(name), sql.Identifier(about))
    found = conn.execute(query)
    return name, [column.name for column in found.description or ()], found.fetchall()


class _Floor:
    """psycopg and one INSERT … SELECT FROM unnest per table and batch: nothing decided, decoded or sealed."""

    def __init__(self, url: str, tables: list[Table]) -> None:
        self._url = url
        self._tables = tables
        with psycopg.connect(_plain(url)) as conn:
            self._statements = [self._statement(conn, name, columns) for name, columns, _ in tables]

    def run(self) -> float:
        _empty(self._url)
        with psycopg.connect(_plain(self._url)) as conn:
            started = time.perf_counter()
            for start in range(0, EVENTS, BATCH):
                for statement, (_, _, rows) in zip(self._statements, self._tables, strict=True):
                    conn.execute(
                        statement, [list(column) for column in zip(*rows[start : start + BATCH], strict=True)]
                    )
                conn.commit()
            return EVENTS / (time.perf_counter() - started)

    @staticmethod
    def _statement(conn: psycopg.Connection[Any], name: str, columns: list[str]) -> sql.Composed:
        kinds = dict(
            conn.execute(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [name],
            ).fetchall()
        )
        arrays = sql.SQL(", ").join(sql.SQL("%s::" + kinds[column] + "[]") for column in columns)
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        return sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(sql.Identifier(name), names, arrays)


def _empty(url: str) -> None:
    engine = connect_database(url)
    names = ", ".join(t.name for t in metadata.sorted_tables if t.name not in STAFF - {"outbox"})
    with engine.begin() as conn:
        conn.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
        conn.execute(text("UPDATE people SET open_cases = 0"))
    engine.dispose()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
