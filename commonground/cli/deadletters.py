"""`commonground deadletters`: what no handler could handle, looked at and given back."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

import click
from sqlalchemy import Connection

from commonground.cli.output import json_option, say, show_json, show_table
from commonground.cli.progress import working
from commonground.databases import configured, opened
from commonground.failures import Failed
from commonground.installation import SERVICES, surroundings
from shared import config
from shared import deadletters as letters
from shared.clock import clock_for

COLUMNS = {
    "id": "id", "service": "service", "box": "box", "reason": "why", "name": "event", "subject": "about",
    "sequence": "seq", "attempts": "tries", "last_at": "last", "error": "error",
}  # fmt: skip
OUTCOMES = {
    "tried": "tried again now",
    "waits": "waits for an earlier event",
    "known": "handled already, dropped",
    "stays": "stays, it is no event",
    "sent": "sent again now",
}

service_option = click.option(
    "--service", "services", type=click.Choice(SERVICES), multiple=True, help="Only this one; may be repeated."
)


@click.group()
def deadletters() -> None:
    """Events that failed too often, records that are no events, and events the log refused."""


@deadletters.command("list")
@service_option
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Per service.")
@json_option
def list_(*, services: tuple[str, ...], limit: int, as_json: bool) -> None:
    """All of them, oldest first."""
    rows = [
        {"service": service, **asdict(letter)}
        for service, conn in _databases(services)
        for letter in letters.list_dead(conn, limit=limit)
    ]
    if as_json:
        show_json(rows)
    elif rows:
        show_table([{**row, "last_at": f"{row['last_at']:%Y-%m-%d %H:%M}"} for row in rows], COLUMNS)
    else:
        say("There are no dead letters.")


@deadletters.command()
@click.argument("letter_id", metavar="ID", type=click.UUID)
@json_option
def show(*, letter_id: UUID, as_json: bool) -> None:
    """One with all that is known of it; what is personal in it stays sealed."""
    for service, conn in _databases(()):
        contents = letters.show(conn, letter_id)
        if contents is not None:
            known = {"service": service, **asdict(contents.letter)}
            held = {"key": contents.key, "headers": dict(contents.headers), "value": contents.value}
            return show_json({**known, **held}) if as_json else _tell(known, held)
    raise Failed(f"There is no dead letter {letter_id}. All: commonground deadletters list")


@deadletters.command()
@click.argument("letter_ids", metavar="[ID]...", type=click.UUID, nargs=-1)
@service_option
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@json_option
def replay(*, letter_ids: tuple[UUID, ...], services: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Give them back to the workers: those named, or all. Doing it twice changes nothing."""
    with working("Replaying …"):
        rows = [
            {"service": service, **asdict(verdict)}
            for service in services or configured(surroundings())
            for verdict in _replayed(service, letter_ids, dry_run=dry_run)
        ]
    unknown = [str(wanted) for wanted in letter_ids if wanted not in {row["id"] for row in rows}]
    if as_json:
        show_json({"dry_run": dry_run, "letters": rows, "unknown": unknown})
    else:
        _tell_verdicts(rows, dry_run=dry_run)
    if unknown:
        raise Failed(f"There is no dead letter {', '.join(unknown)}.")
    sys.exit(0)


def _databases(services: tuple[str, ...]) -> Iterator[tuple[str, Connection]]:
    environ = surroundings()
    for service in services or configured(environ):
        with opened(service, environ) as engine, engine.connect().execution_options(read_only=True) as conn:
            yield service, conn


def _replayed(service: str, letter_ids: tuple[UUID, ...], *, dry_run: bool) -> list[letters.Verdict]:
    environ = surroundings()
    with opened(service, environ) as engine, engine.begin() as conn:
        now = clock_for(engine, config.one("clock_file", environ=environ)).now()
        return letters.replay(conn, now, letter_ids or None, dry_run=dry_run)


def _tell(known: Mapping[str, Any], held: Mapping[str, Any]) -> None:
    for name, value in known.items():
        say(f"{name:<12}{'' if value is None else value}")
    say(f"{'key':<12}{held['key']}")
    for name, value in held["headers"].items():
        say(f"{'header':<12}{name}: {value}")
    say()
    say(held["value"])


def _tell_verdicts(rows: list[dict[str, Any]], *, dry_run: bool) -> None:
    if not rows:
        say("There are no dead letters.")
        return
    shown = [{**row, "outcome": OUTCOMES.get(row["outcome"], row["outcome"])} for row in rows]
    show_table(shown, {"id": "id", "service": "service", "outcome": "what happens", "about": "because"})
    say("Nothing was changed: this was a dry run." if dry_run else f"{len(rows)} given back.")
