"""`commonground rules simulate`: the past again, under the rules it was decided by, or under a draft."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from commonground.cli.output import complain, json_option, say, show_json, show_table
from commonground.cli.progress import working
from commonground.cli.rules.file import given, text_of
from commonground.cli.staffing import routing
from commonground.failures import Failed
from services.routing.domain.rules import RuleSet
from services.routing.domain.simulation import Result, simulated
from services.routing.handlers.rules import Archive, examine, pasts, replays
from services.routing.handlers.rules.forecast import PREDICTS, as_data

SHOWN = 20


@click.command()
@click.argument("file", type=given, required=False)
@click.option(
    "--days", type=click.IntRange(1, 36_500), default=28, show_default=True, help="With FILE: so far back."
)
@json_option
def simulate(*, file: Path | None, days: int, as_json: bool) -> None:
    """Make every decision of the past again and compare; with FILE, show what a draft would have done.

    Without FILE each certificate is made again under its own version of the rules, and must come out the
    same byte by byte: exits with 1 otherwise. With FILE it predicts who would own what and with which load,
    never how fast anybody would have answered; exits with 1 when a wall would be broken.
    """
    with _archive() as (archive, now):
        if file is None:
            _replay(archive, as_json)
        else:
            _forecast(archive, _rules_of(archive, text_of(file)), now, days, as_json)


@contextmanager
def _archive() -> Iterator[tuple[Archive, datetime]]:
    with routing() as (opened, _), opened.engine.connect().execution_options(read_only=True) as conn:
        yield Archive(conn, opened.office), opened.clock.now()


def _replay(archive: Archive, as_json: bool) -> None:
    versions: Counter[int] = Counter()
    different: list[dict[str, Any]] = []
    with working("Making every decision again …"):
        for replay in replays(archive):
            versions[replay.version] += 1
            if not replay.same:
                different.append({"case": replay.case_id, "sequence": replay.sequence, "version": replay.version})
    count = sum(versions.values())
    if as_json:
        show_json({"replayed": count, "same": count - len(different), "versions": versions, "different": different})
    else:
        _tell_replay(count, versions, different)
    sys.exit(1 if different else 0)


def _tell_replay(count: int, versions: Counter[int], different: list[dict[str, Any]]) -> None:
    show_table(
        [{"version": version or "0 (built-in)", "count": f"{versions[version]:,}"} for version in sorted(versions)],
        {"version": "version", "count": "decisions"},
    )
    if different:
        complain(f"{len(different):,} of {count:,} certificates come out otherwise than they were kept:")
        for each in different[:SHOWN]:
            complain(f"  case {each['case']}, step {each['sequence']}, version {each['version']}")
    else:
        say(f"All {count:,} certificates come out the same, byte by byte.")


def _rules_of(archive: Archive, text: str) -> RuleSet:
    found = examine(archive.conn, archive.office, text)
    if found.document is None:
        lines = [f"line {each.line}: {each}" if each.line else str(each) for each in found.problems]
        raise Failed("\n".join(["These are no rules:", *lines]))
    for each in found.problems:
        complain(f"It could not be published: {each}")
    return found.document.rules


def _forecast(archive: Archive, rules: RuleSet, now: datetime, days: int, as_json: bool) -> None:
    result = Result()
    with working("Deciding the past anew …"):
        for grown in simulated(
            pasts(archive, rules, now - timedelta(days=days), now), rules, archive.office.directory
        ):
            result = grown
    if as_json:
        show_json(as_data(result))
    else:
        _tell_forecast(result, days)
    sys.exit(1 if result.violations else 0)


def _tell_forecast(result: Result, days: int) -> None:
    known = as_data(result, most=SHOWN)
    say(f"{result.decided:,} concerns of the last {days} days, decided by these rules. {PREDICTS}")
    say()
    show_table(
        known["loads"],
        {"place": "who", "before": "owned", "after": "would own", "highest": "most at once"},
    )
    say()
    say(f"Would go elsewhere: {len(result.changed):,}")
    show_table(
        known["changed"], {"reference": "case", "before": "went to", "after": "would go to", "rule": "by rule"}
    )
    say(f"To no place of a rule: {len(result.unroutable):,}")
    say(f"Kept from the police against the rules: {len(result.pointed_at_police):,}")
    say(f"Walls that would be broken: {len(result.violations):,}")
