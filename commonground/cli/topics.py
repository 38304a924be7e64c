"""`commonground topics`: creates and checks the topics of the event log."""

import sys

import click

from commonground.cli.output import complain, json_option, say, show_json
from commonground.cli.progress import working
from commonground.installation import surroundings
from shared import config
from shared.bus import TOPICS, connect


@click.group()
def topics() -> None:
    """The topics of the event log (BUS_URL)."""


@topics.command()
@json_option
def create(*, as_json: bool) -> None:
    """Create the topics that are missing; existing ones stay as they are."""
    bus = connect(config.one("bus_url", environ=surroundings()))
    try:
        with working("Creating topics …"):
            made = bus.create_topics(TOPICS)
    finally:
        bus.close()
    if as_json:
        show_json({"created": made})
    else:
        say(f"Created {', '.join(made)}." if made else "All topics exist.")


@topics.command()
@json_option
def check(*, as_json: bool) -> None:
    """Say what is missing or differs from what it should be; exits with 1 then."""
    bus = connect(config.one("bus_url", environ=surroundings()))
    try:
        with working("Asking the event log …"):
            problems = bus.check_topics(TOPICS)
    finally:
        bus.close()
    if as_json:
        show_json({"problems": problems, "ok": not problems})
    for problem in [] if as_json else problems:
        complain(problem)
    if not (as_json or problems):
        say(f"All {len(TOPICS)} topics are as they should be.")
    sys.exit(1 if problems else 0)
