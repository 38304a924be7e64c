"""docs/performance.md, made from one run."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rounds import Ratio

PAGE = Path(__file__).parents[1] / "docs/performance.md"
TEXT = """\
# Performance

Made by `make bench` on {when}: {cores} cores, Python {python}, PostgreSQL and Apache Kafka on the same machine
with fsync on, load and servers together. Rounds are interleaved and the median of {rounds} is shown. Absolute
figures show the order of magnitude; only ratios carry over to another machine.

| work | ours | floor | ratio | goal | |
|---|---|---|---|---|---|
{rows}

## What is measured

- **Accept**: `POST /api/v1/feedback` with an idempotency key of its own, through validation, sealing, limits and
  one durable commit of submission, idempotency, audit and outbox rows, to the 201. Two gunicorn workers (gevent),
  {connections} connections. Beside it a Flask view that answers a constant in the same kind of workers, and FastAPI
  with asyncpg inserting one document and one outbox row in a single durable statement.
- **Relay**: outbox rows read, sent to Kafka, acknowledged by it and marked, beside kafka-python alone sending the
  same records with the same acknowledgements.
- **Consume**: records fetched from Kafka, decoded, decided (owner, certificate, promise) and written with inbox and
  outbox in one transaction, offsets committed; beside psycopg writing the very same rows of the very same tables.
- **Pipeline**: everything at once. The time between commits is PostgreSQL's own stamp of both transactions.

## What would close a gap

{gaps}
"""
NONE = "Every goal was reached in this run."
GAP = "- **{work}**: {value} against a goal of {goal}. {why}"


def write(ratios: Sequence[Ratio], rounds: int, connections: int) -> None:
    """Write the page."""
    missed = [ratio for ratio in ratios if not ratio.reached]
    PAGE.write_text(
        TEXT.format(
            when=datetime.now(UTC).date().isoformat(),
            cores=os.cpu_count(),
            python=platform.python_version(),
            rounds=rounds,
            connections=connections,
            rows="\n".join(_row(ratio) for ratio in ratios),
            gaps="\n".join(_gap(ratio) for ratio in missed) or NONE,
        )
    )


def _row(ratio: Ratio) -> str:
    sign = "≤" if ratio.at_most else "≥"
    met = "reached" if ratio.reached else "missed"
    if ratio.at_most:
        return f"| {ratio.work} | {_ms(ratio.ours)} | | | {sign} {_ms(ratio.goal)} | {met} |"
    figures = f"{ratio.ours:,.0f} {ratio.unit} | {ratio.floor:,.0f}"
    return f"| {ratio.work} | {figures} | {ratio.value:.2f} | {sign} {ratio.goal} | {met} |"


def _gap(ratio: Ratio) -> str:
    value, goal = (_ms(ratio.ours), _ms(ratio.goal)) if ratio.at_most else (f"{ratio.value:.2f}", str(ratio.goal))
    return GAP.format(work=ratio.work, value=value, goal=goal, why=ratio.why)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
