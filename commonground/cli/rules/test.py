"""`commonground rules test`: looks a file over and tries its table."""

import sys
from pathlib import Path
from typing import Any

import click

from commonground.cli.output import complain, json_option, say, show_json, show_table
from commonground.cli.progress import working
from commonground.cli.rules.file import given, published, text_of, told
from commonground.cli.staffing import routing
from services.routing.domain.rules import Problem, Tried, tried
from services.routing.domain.rules.expectations import place_name, said
from services.routing.domain.rules.words import place_in_words
from services.routing.handlers.rules import examine

COLUMNS = {"number": "row", "concern": "concern", "expected": "expected", "goes_to": "goes to", "result": ""}


@click.command()
@click.argument("file", type=given, required=False)
@json_option
def test(*, file: Path | None, as_json: bool) -> None:
    """Look FILE over, or the rules in force, and try every row of its table.

    Exits with 1 while anything speaks against publishing it.
    """
    with (
        routing() as (opened, _),
        opened.engine.connect().execution_options(read_only=True) as conn,
        working("Trying the rules …"),
    ):
        text = text_of(file) if file else published(conn, opened)[1]
        found = examine(conn, opened.office, text)
        rows = tried(found.document.rules, opened.office.directory) if found.document else []
    if as_json:
        show_json({"problems": [told(each) for each in found.problems], "table": [_row(row) for row in rows]})
    else:
        _tell(list(found.problems), rows)
    sys.exit(1 if found.problems else 0)


def _row(row: Tried) -> dict[str, Any]:
    return {
        "number": row.number,
        "concern": said(row.row),
        "expected": place_in_words(row.row.team, row.row.queue),
        "goes_to": place_name(row.settled.place),
        "rule": row.settled.rule,
        "passed": row.passed,
    }


def _tell(problems: list[Problem], rows: list[Tried]) -> None:
    if rows:
        told_rows = [_row(row) for row in rows]
        show_table(
            [{**row, "result": "as expected" if row["passed"] else "NOT as expected"} for row in told_rows], COLUMNS
        )
    for problem in problems:
        complain(f"line {problem.line}: {problem}" if problem.line else str(problem))
    passed = sum(row.passed for row in rows)
    say(f"{passed} of {len(rows)} rows of the table are as expected; problems: {len(problems)}.")
