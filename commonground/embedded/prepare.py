"""Before anything runs: a usable city pack, migrated databases, topics, and the people of the demo."""

from collections.abc import Mapping
from pathlib import Path

from commonground.databases import opened
from commonground.demo import staff
from commonground.demo.seeding.journal import Journal
from commonground.demo.seeding.past import Past
from commonground.installation import SERVICES, Installation
from shared import cities, config
from shared.bus import TOPICS, connect
from shared.db import migrations


def run() -> int:
    """Everything in order; doing it again changes nothing."""
    environ = config.inherited()
    cities.load(config.one("city", environ=environ))  # said now, not by every process in its log
    installed = Installation.find(Path(config.one("data_dir", environ=environ)))
    if installed and installed.demo:
        _begin_the_past(installed.folder)
    _databases(environ)
    _topics(environ)
    if installed and installed.demo:
        staff.sign_up(config.Settings.load("routing", environ))
    return 0


def _begin_the_past(folder: Path) -> None:
    """Before the first process of a new demo looks at the clock, so that it never sees it go back."""
    journal = Journal(folder)
    if journal.born is None:
        Past(folder, journal.be_born()).begin()


def _databases(environ: Mapping[str, str]) -> None:
    for service in SERVICES:
        with opened(service, environ) as engine:
            migrations.upgrade(engine, f"services.{service}")


def _topics(environ: Mapping[str, str]) -> None:
    bus = connect(config.one("bus_url", environ=environ))
    try:
        bus.create_topics(TOPICS)
    finally:
        bus.close()
