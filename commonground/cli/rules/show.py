"""`commonground rules show`: a version of the rules as a file."""

import click

from commonground.cli.output import json_option, say, show_json
from commonground.cli.rules.file import published
from commonground.cli.staffing import routing


@click.command()
@click.option("--version", type=click.IntRange(0), help="This one, instead of the one in force; 0: the built-in.")
@json_option
def show(*, version: int | None, as_json: bool) -> None:
    """Print the rules in force, as a file to begin with."""
    with routing() as (opened, _), opened.engine.connect().execution_options(read_only=True) as conn:
        found, text = published(conn, opened, version)
    if as_json:
        show_json({"version": found, "text": text})
    else:
        say(text.rstrip())
