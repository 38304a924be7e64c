"""pytest fixtures of the browser; without Chromium they skip with the reason, in CI they fail."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, ViewportSize, expect, sync_playwright

from tests.browser.accessibility import axe
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.pages import DESK, PATIENCE_MS, PHONE, Pages
from tests.servers.fixtures import or_skip


# Not longer than a module: while the driver lives, nothing else in the process can run an event loop.
@pytest.fixture(scope="module")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright's driver."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """A headless Chromium for a module of tests."""
    path = or_skip(lambda: executable(playwright_driver.chromium))
    or_skip(axe)
    started = playwright_driver.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture
def pages(browser: Browser) -> Iterator[Pages]:
    """`pages.open(base_url, viewport=…, scripts=…)`; the test fails if a browser console complained."""
    opened = Pages(browser)
    yield opened
    opened.close()


@pytest.fixture(params=["phone", "desk"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """Once on a phone, once on a desk."""
    return PHONE if request.param == "phone" else DESK
