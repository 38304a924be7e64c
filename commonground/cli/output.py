"""What commands print: sentences and tables for people, JSON for programs."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

F = TypeVar("F", bound=Callable[..., Any])
UNWRAPPED = 1000


def json_option(command: F) -> F:
    """Add --json; the command gets it as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def show_json(value: Any) -> None:
    """One JSON document on standard output; moments and ids as text."""
    click.echo(json.dumps(value, default=str, ensure_ascii=False, indent=2))


def say(words: str = "") -> None:
    """A line for people on standard output."""
    click.echo(words)


def complain(words: str) -> None:
    """A line for people on standard error."""
    click.echo(words, err=True)


def show_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Rows as a table; columns maps a row's keys to headings. Outside a terminal no line is wrapped."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=UNWRAPPED)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*("" if row[key] is None else escape(str(row[key])) for key in columns))
    console.print(table)
