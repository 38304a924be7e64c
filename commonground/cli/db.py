"""`commonground db`: brings the services' databases to the newest revision, and says where they stand."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import click
from sqlalchemy import Engine

from commonground.cli.output import json_option, say, show_json, show_table
from commonground.cli.progress import working
from commonground.databases import configured, opened
from commonground.installation import SERVICES, surroundings
from shared.db import migrations

COLUMNS = {"service": "database", "current": "revision", "newest": "newest", "pending": "to do"}

service_option = click.option(
    "--service", "services", type=click.Choice(SERVICES), multiple=True, help="Only this one; may be repeated."
)


@click.group()
def db() -> None:
    """The databases of the three services (those whose address is set)."""


@db.command()
@service_option
@json_option
def upgrade(*, services: tuple[str, ...], as_json: bool) -> None:
    """Bring the databases to the newest revision; nothing happens where they are."""
    with working("Upgrading the databases …"):
        rows = _each(services, migrations.upgrade)
    _show(rows, as_json)


@db.command()
@service_option
@json_option
def status(*, services: tuple[str, ...], as_json: bool) -> None:
    """Say where each database stands; exits with 1 when one needs an upgrade."""
    with working("Asking the databases …"):
        rows = _each(services, migrations.status)
    _show(rows, as_json)
    behind = [row["service"] for row in rows if row["pending"]]
    if behind and not as_json:
        say(f"Behind: {', '.join(behind)}. Run: commonground db upgrade")
    sys.exit(1 if behind else 0)


def _each(services: tuple[str, ...], work: Callable[[Engine, str], migrations.Status]) -> list[dict[str, Any]]:
    environ = surroundings()
    return [_row(service, environ, work) for service in services or configured(environ)]


def _row(
    service: str, environ: Mapping[str, str], work: Callable[[Engine, str], migrations.Status]
) -> dict[str, Any]:
    with opened(service, environ) as engine:
        found = work(engine, f"services.{service}")
    return {"service": service, "current": found.current, "newest": found.newest, "pending": list(found.pending)}


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show_json({"databases": rows})
    else:
        show_table([{**row, "pending": ", ".join(row["pending"]) or "nothing"} for row in rows], COLUMNS)
