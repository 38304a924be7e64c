"""The databases and the event log: they answer, are set up, and nothing piles up in them."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Engine

from commonground.databases import configured, opened
from commonground.doctor.finding import Finding, note, ok, wrong
from shared import config
from shared.bus import TOPICS, connect
from shared.clock import DatabaseClock, SystemClock, clock_for
from shared.db import migrations
from shared.deadletters import count_dead
from shared.outbox.backlog import backlog

PING_S = 3.0
#: Deadlines come from the database's clock, sign-ins and certificates from the machine's.
SKEW_S = 2.0


def databases(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Each answers and is at its newest revision; then what lies in it."""
    for service in configured(environ):
        with opened(service, environ) as engine:
            found = migrations.status(engine, f"services.{service}")
            if not found.up_to_date:
                words = f"at revision {found.current or 'none'}, {len(found.pending)} behind"
                yield wrong(f"{service} database", words, "commonground db upgrade")
                continue
            yield ok(f"{service} database", f"answers, at revision {found.current}")
            yield from _contents(service, engine)


def _contents(service: str, engine: Engine) -> Iterator[Finding]:
    now = clock_for(engine, None).now()
    with engine.connect().execution_options(read_only=True) as conn:
        waiting, dead = backlog(conn, now), count_dead(conn)
    if waiting.alarming:
        words = f"{waiting.rows:,} events wait to be sent, the oldest for {waiting.oldest}"
        yield wrong(f"{service} outbox", words, f"look after the {service} worker and the event log")
    else:
        yield ok(f"{service} outbox", f"{waiting.rows:,} events wait to be sent")
    if dead:
        yield wrong(f"{service} dead letters", f"{dead:,}", "commonground deadletters list, then replay")


def clocks(environ: Mapping[str, str]) -> Iterator[Finding]:
    """The databases' clocks and this machine's agree."""
    for service in configured(environ):
        with opened(service, environ) as engine:
            clock = clock_for(engine, None)
            if isinstance(clock, SystemClock):
                yield ok(f"{service} clock", "the database has this machine's clock")
                continue
            skew = abs((DatabaseClock(engine).now() - SystemClock().now()).total_seconds())
        if skew > SKEW_S:
            words = f"the database's clock is {skew:.1f} s off this machine's"
            yield wrong(f"{service} clock", words, "synchronise both with NTP")
        else:
            yield ok(f"{service} clock", f"within {max(skew, 0.1):.1f} s of the database's")


def event_log(environ: Mapping[str, str]) -> Iterator[Finding]:
    """It answers, its topics are right, and every service keeps up with it."""
    bus = connect(config.one("bus_url", environ=environ))
    try:
        bus.ping(PING_S)
        problems = bus.check_topics(TOPICS)
        for problem in problems:
            yield wrong("topics", problem, "commonground topics create makes missing ones")
        if not problems:
            yield ok("event log", f"answers, {len(TOPICS)} topics as they should be")
            for service, topic in _READ:
                behind = bus.lag(f"commonground.{service}", [topic]).records
                say = note if behind > LAGGING else ok
                yield say(f"{service} consumer", f"{behind:,} events of {topic} behind")
    finally:
        bus.close()


LAGGING = 1_000
#: The topic that tells whether a service keeps up.
_READ = (
    ("intake", "commonground.cases"),
    ("routing", "commonground.feedback"),
    ("notifications", "commonground.cases"),
)
