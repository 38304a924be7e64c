"""Where a test finds Chromium: this machine's own, or the one Playwright brought."""

import shutil
from pathlib import Path

from playwright.sync_api import BrowserType

from tests.servers.search import Unavailable

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: Inside containers there is neither a sandbox nor a large /dev/shm.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"]


def executable(chromium: BrowserType) -> str:
    """The program's path. Raises Unavailable."""
    found = next((path for name in NAMES if (path := shutil.which(name))), chromium.executable_path)
    if not Path(found).exists():
        raise Unavailable("there is no Chromium on this machine (apt-get install chromium)")
    return found
