"""The file of a rule set, as commands are given one, and the text of the rules in force."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from commonground.failures import Failed
from services.routing.domain.rules import Problem, built_in, write
from services.routing.queries.rules import rules_in_force, version_text
from services.routing.service import Routing

given = click.Path(exists=True, dir_okay=False, path_type=Path)


def text_of(file: Path) -> str:
    """What stands in it. Raises Failed when it is no text."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"{file} cannot be read: {error}") from error


def published(conn: Connection, opened: Routing, version: int | None = None) -> tuple[int, str]:
    """The version in force, or the one asked for, and its text. Raises Failed when there is no such version."""
    if version is None:
        found = rules_in_force(conn, opened.clock.now())
        version = found.version if found else 0
    if version == 0:
        return 0, write(built_in(opened.office.directory))
    text = version_text(conn, version)
    if text is None:
        raise Failed(f"There is no version {version} of the rules.")
    return version, text


def told(problem: Problem) -> dict[str, Any]:
    """A problem for programs."""
    return {"where": problem.where or None, "line": problem.line, "message": problem.message}
