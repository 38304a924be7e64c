"""`commonground clocks`: proves that every clock is what the history of its case gives."""

import sys
from dataclasses import asdict

import click

from commonground.cli.output import complain, json_option, say, show_json
from commonground.cli.progress import working
from commonground.databases import opened
from commonground.installation import surroundings
from services.routing.reports.replay import Difference, replay
from services.routing.terms import TermsBook
from shared import cities, config


@click.command()
@json_option
def clocks(*, as_json: bool) -> None:
    """Work out every clock of every case anew from its history, and compare it with what is stored.

    Exits with 1 when anything differs: a clock, a due date in a list, or the timer that tells of it.
    """
    environ = surroundings()
    book = TermsBook(cities.load(config.one("city", environ=environ)))
    looked, found = 0, list[Difference]()
    with opened("routing", environ) as engine, working("Working out every clock …"):
        for number, differences in replay(engine, book):
            looked += number
            found += differences
    if as_json:
        show_json({"cases": looked, "differences": [asdict(each) for each in found], "agrees": not found})
    else:
        _tell(looked, found)
    sys.exit(1 if found else 0)


def _tell(looked: int, found: list[Difference]) -> None:
    for each in found:
        complain(f"{each.reference}, {each.what}: stored {each.stored}, proven {each.proven}")
    if found:
        complain(f"{len(found):,} differences in {looked:,} cases.")
    else:
        say(f"Every clock of {looked:,} cases is what its history gives.")
