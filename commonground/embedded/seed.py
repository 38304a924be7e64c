"""The child that brings the demo's cases in, once everything answers."""

import sys
from datetime import UTC, datetime

from requests import RequestException

from commonground.demo.seeding.front_door import FrontDoor
from commonground.demo.seeding.journal import Journal
from commonground.demo.seeding.past import Past
from commonground.demo.seeding.quiet import Quiet
from commonground.demo.seeding.seed import Seeding
from commonground.demo.seeding.stories import read_stories
from commonground.demo.seeding.tokens import StaffTokens
from commonground.embedded.running import Running
from shared import config
from shared.config import Settings


def run() -> int:
    """0 when every story is told; 1 to be tried again later."""
    settings = Settings.load("routing")
    running = Running.find(settings.data_dir)
    if running is None:
        return 1
    journal = Journal(settings.data_dir)
    past = Past(settings.data_dir, journal.born or datetime.now(UTC))
    tokens = StaffTokens(settings)
    try:
        with Quiet(config.inherited()) as quiet:
            door = FrontDoor(running.url, settings)
            Seeding(door, tokens, journal, past, quiet.wait).run(read_stories())
            quiet.wait()
    except RequestException as error:
        sys.stderr.write(f"The demo's cases are not all in yet: {error}\n")
        return 1
    finally:
        tokens.end()
    past.end()
    return 0
