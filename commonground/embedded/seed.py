"""The child that brings the demo's cases in, once everything answers."""

import sys

from requests import RequestException

from commonground.demo.seeding.front_door import FrontDoor
from commonground.demo.seeding.journal import Journal
from commonground.demo.seeding.seed import Seeding
from commonground.demo.seeding.stories import read_stories
from commonground.demo.seeding.tokens import StaffTokens
from commonground.embedded.running import Running
from shared.config import Settings


def run() -> int:
    """0 when every story is told; 1 to be tried again later."""
    settings = Settings.load("routing")
    running = Running.find(settings.data_dir)
    if running is None:
        return 1
    tokens = StaffTokens(settings)
    try:
        Seeding(FrontDoor(running.url, settings), tokens, Journal(settings.data_dir)).run(read_stories())
    except RequestException as error:
        sys.stderr.write(f"The demo's cases are not all in yet: {error}\n")
        return 1
    finally:
        tokens.end()
    return 0
