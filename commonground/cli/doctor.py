"""`commonground doctor`: looks whether everything is well, and says what to do."""

import sys
from dataclasses import asdict

import click

from commonground.cli.output import json_option, say, show_json
from commonground.cli.progress import working
from commonground.doctor import examine
from commonground.installation import surroundings

SIGNS = {"ok": "✓", "note": "·", "wrong": "✗"}


@click.command()
@json_option
def doctor(*, as_json: bool) -> None:
    """Check settings, city pack, databases, event log, staff, sealing keys, disk and processes.

    Each line says what was found, and where something is wrong what to do. Exits with 1 then.
    """
    with working("Looking …"):
        findings = list(examine(surroundings()))
    bad = sum(finding.state == "wrong" for finding in findings)
    if as_json:
        show_json({"checks": [asdict(finding) for finding in findings], "ok": not bad})
    else:
        for finding in findings:
            say(f"{SIGNS[finding.state]} {finding.about}: {finding.words}")
            if finding.todo:
                say(f"    → {finding.todo}")
        say()
        say(f"{bad} things are wrong." if bad else "Everything is well.")
    sys.exit(1 if bad else 0)
