"""`commonground run`: everything on this machine, embedded."""

import sys

import click

from commonground.cli.output import json_option, say, show_json
from commonground.demo.seeding.journal import Journal
from commonground.embedded import settings, welcome
from commonground.embedded.run import live
from commonground.embedded.running import Running
from commonground.installation import Installation
from shared import cities, config


@click.command()
@click.option("--demo", is_flag=True, help="An invented city with people, cases and a phone in a page.")
@json_option
def run(*, demo: bool, as_json: bool) -> None:
    """Run everything on this machine: SQLite, an event log in a file, one address for all.

    Data stays in DATA_DIR (./var) and everything goes on there when started again. HOST and PORT say where
    to listen (127.0.0.1:8000). Without --demo, CITY and PUBLIC_URL are needed; the demo never sends a real
    text or mail.
    """
    installed = settings.installation(config.inherited(), demo=demo)
    tell = (lambda _words: None) if as_json else _tell
    sys.exit(live(installed, tell, lambda running: _welcome(installed, running, as_json=as_json)))


def _tell(words: str) -> None:
    say(words)
    sys.stdout.flush()


def _welcome(installed: Installation, running: Running, *, as_json: bool) -> None:
    environ = installed.environment()
    city = cities.load(config.one("city", environ=environ))
    people = welcome.sign_ins(city, config.one("secret_key", environ=environ)) if installed.demo else []
    told = welcome.facts(running.url, people, Journal(installed.folder).receipt())
    if as_json:
        show_json(told)
        sys.stdout.flush()
    else:
        _tell(welcome.for_people(told, people, city, str(installed.folder), sys.argv[0]))
