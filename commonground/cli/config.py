"""`commonground config`: every setting with its value, its default, and what is wrong with it."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from commonground.cli.output import complain, json_option, say, show_json, show_table
from commonground.installation import SERVICES, surroundings
from shared.config import Examined, examine

COLUMNS = {"name": "setting", "shown": "value", "origin": "from", "about": "what for"}


@click.command()
@json_option
def config(*, as_json: bool) -> None:
    """List every setting: its value (secrets hidden), its default, and what is wrong.

    Settings are environment variables; a secret may also stand in a file named by NAME_FILE. Exits with 1
    when something is wrong.
    """
    rows = settings_rows(surroundings())
    wrong = [row for row in rows if row["problem"]]
    if as_json:
        show_json({"settings": rows, "ok": not wrong})
    else:
        show_table([_for_people(row) for row in rows], COLUMNS)
        say()
        for row in wrong:
            complain(row["problem"])
        say(f"{len(wrong)} of {len(rows)} settings are wrong." if wrong else "All settings can be used.")
    sys.exit(1 if wrong else 0)


def settings_rows(environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a setting; the database address once for each service."""
    rows = [_row(f"{service.upper()}_DATABASE_URL", examine(service, environ)[0]) for service in SERVICES]
    return rows + [_row(entry.described.name, entry) for entry in examine("", environ)[1:]]


def _row(name: str, entry: Examined) -> dict[str, Any]:
    return {
        "name": name,
        "value": entry.given,
        "default": entry.described.default,
        "from": entry.variable if entry.given is not None else None,
        "secret": entry.described.secret,
        "problem": entry.problem,
        "about": entry.described.about,
        "example": entry.described.example,
    }


def _for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = row["value"] if row["value"] is not None else row["default"]
    origin = row["from"] or ("default" if row["default"] is not None else "")
    return {**row, "shown": "wrong" if row["problem"] else shown, "origin": origin}
