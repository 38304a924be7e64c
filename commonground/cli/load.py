"""`commonground load`: brings the rows of a CSV file through the front door."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from commonground.cli.output import complain, json_option, say, show_json
from commonground.embedded.running import Running
from commonground.failures import Failed
from commonground.installation import Installation, surroundings
from commonground.loading import Loader, Result, Rows
from commonground.loading.columns import Columns, mapping_of
from commonground.loading.journal import Journal
from commonground.loading.rejected import Rejected
from commonground.loading.sending import GO_ON, Door
from commonground.loading.token import borrowed
from shared import cities, config
from shared.setting_values import content, web_address

SAY_EVERY = 200
INTERRUPTED = 130


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", help="The address of the front door.  [default: the running installation, or PUBLIC_URL]")
@click.option("--map", "mapping", metavar="OURS=THEIRS,…", help="Which of its columns are which of ours.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N rows.")
@click.option("--token", metavar="TOKEN", help="A staff token.  [default: one is borrowed where possible]")
@click.option("--token-file", type=click.Path(exists=True, path_type=Path), help="A file that holds it.")
@click.option("--connections", type=click.IntRange(1, 64), default=8, show_default=True)
@click.option("--again", is_flag=True, help="Begin anew: post rows that went in before, too, as new ones.")
@json_option
def load(
    *,
    file: Path,
    url: str | None,
    mapping: str | None,
    limit: int | None,
    token: str | None,
    token_file: Path | None,
    connections: int,
    again: bool,
    as_json: bool,
) -> None:
    """Post every row of FILE as a concern, over the same API as everybody, with a staff token.

    Columns: text (required), category, classification, district, language, lat, lon, occurred_at, phone,
    email; others are reported and ignored. The city pack says which category a classification means. Rows
    that are not taken go to FILE.rejected.csv with the reason. Interrupted, it goes on where it stopped when
    it is run again. Exits with 1 when a row was not taken.
    """
    environ = surroundings()
    rows = Rows.open(file)
    columns = Columns.of(rows.header, mapping_of(mapping))
    if columns.ignored and not as_json:
        say(f"Ignored columns: {', '.join(columns.ignored)}")
    address = _given(url) if url else _address(environ)
    folder = Path(config.one("data_dir", environ=environ)) / "loads"
    with _token(token, token_file, environ) as shown, _journal(folder, rows, address, again=again) as journal:
        rejected = Rejected(file, rows.header, folder)
        loader = Loader(rows, columns, _city(columns, environ), journal=journal, rejected=rejected)
        try:
            result = _load(loader, Door(address, shown), limit or rows.count, connections, quiet=as_json)
        finally:
            rejected.close()
    _tell(result, columns, as_json=as_json)
    sys.exit(INTERRUPTED if result.stopped else 0 if result.complete else 1)


def _given(url: str) -> str:
    try:
        return web_address(url)
    except ValueError as error:
        raise Failed(f"--url {error}. Example: http://127.0.0.1:8000") from None


def _address(environ: Mapping[str, str]) -> str:
    """Where the installation of these settings listens; PUBLIC_URL when it is no embedded one."""
    folder = config.one("data_dir", environ=environ)
    if Installation.find(folder) is not None and environ.get("BUS_URL", "").startswith("sqlite"):
        running = Running.find(folder)
        if running is not None:
            return running.url
    return str(config.one("public_url", environ=environ))


def _token(given: str | None, file: Path | None, environ: Mapping[str, str]) -> AbstractContextManager[str]:
    if not given and not file:
        return borrowed(environ)
    try:
        token = (given or content(str(file))).encode("ascii").decode()
    except ValueError:  # of which UnicodeError is a kind
        raise Failed("This is no staff token. One is made by: commonground token create --user LOGIN") from None
    return nullcontext(token)


def _city(columns: Columns, environ: Mapping[str, str]) -> cities.City | None:
    """The city pack, where a classification has to be translated."""
    if "classification" not in columns.places:
        return None
    return cities.load(config.one("city", environ=environ))


@contextmanager
def _journal(folder: Path, rows: Rows, address: str, *, again: bool) -> Iterator[Journal]:
    journal = Journal(folder, rows.digest, address)
    if again:
        journal.forget()
    try:
        yield journal
    finally:
        journal.close()


def _load(loader: Loader, door: Door, limit: int, connections: int, *, quiet: bool) -> Result:
    """With progress, and with Ctrl-C that lets what is under way arrive."""
    before = signal.signal(signal.SIGINT, lambda *_: door.stop.set())
    try:
        with _progress(loader.wanted(limit), loader.before(limit), door, quiet=quiet) as advance:
            return loader.load(door, limit=limit, connections=connections, advance=advance)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(total: int, done: int, door: Door, *, quiet: bool) -> Iterator[Callable[[], None]]:
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        if not quiet:
            door.wait_noted = lambda why, seconds: complain(f"The address {why}; again in {seconds:.0f} s …")
        yield _lines(total, done, quiet=quiet)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Loading", total=total, completed=done)

        def waiting(why: str, seconds: float) -> None:
            progress.update(task, description=f"The address {why}; again in {seconds:.0f} s")

        def advance() -> None:
            progress.update(task, description="Loading", advance=1)

        door.wait_noted = waiting
        yield advance


def _lines(total: int, done: int, *, quiet: bool) -> Callable[[], None]:
    """Progress where there is no terminal: a line now and then."""
    counted = [done]

    def advance() -> None:
        counted[0] += 1
        if not quiet and counted[0] % SAY_EVERY == 0:
            complain(f"{counted[0]:,} of {total:,} rows")

    return advance


def _tell(result: Result, columns: Columns, *, as_json: bool) -> None:
    if as_json:
        return show_json(_for_programs(result, columns))
    say(f"{result.accepted:,} of {result.rows:,} rows accepted in {result.seconds:.1f} s.")
    if result.before:
        say(f"{result.before:,} went in with an earlier load and were not posted again.")
    if result.rejected:
        complain(f"{result.rejected:,} were not taken; they are in {result.rejected_file} with the reason.")
    if result.stopped:
        complain(f"Stopped. {GO_ON}")
    return None


def _for_programs(result: Result, columns: Columns) -> dict[str, Any]:
    return {**asdict(result), "complete": result.complete, "ignored_columns": list(columns.ignored)}
