"""One demo installation for all journeys of a process, and people who use it through a browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.pages import DESK, Pages
from tests.integration.commands.embedded import Embedded, until
from tests.journeys.people import Phone, Resident, Staff


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """`commonground run --demo`, as a newcomer runs it."""
    made = Embedded(tmp_path_factory.mktemp("journeys") / "var")
    made.start()
    until(made.ready, "ready")
    yield made
    made.end()


@pytest.fixture
def resident(installation: Embedded, pages: Pages) -> Callable[..., Resident]:
    """resident(viewport=PHONE): somebody of the city with a browser."""
    return lambda viewport=DESK, **more: Resident(pages.open(installation.url, viewport=viewport, **more))


@pytest.fixture
def phone(installation: Embedded, pages: Pages) -> Callable[[], Phone]:
    """phone(): a phone of the demo."""
    return lambda: Phone(pages.open(installation.url))


@pytest.fixture
def staff(installation: Embedded, pages: Pages) -> Callable[..., Staff]:
    """staff("police liaison", viewport=PHONE): signed in; `scripts=False` without JavaScript."""
    known = {each["role"]: each for each in installation.told["sign_ins"]}

    def sign_in(role: str, viewport: ViewportSize = DESK, **more: object) -> Staff:
        found = Staff(pages.open(installation.url, viewport=viewport, **more), **known[role])  # type: ignore[arg-type]
        found.sign_in()
        return found

    return sign_in


@pytest.fixture(scope="module", autouse=True)
def all_is_accounted_for(installation: Embedded) -> Iterator[None]:
    """After the journeys: what was accepted is a case or a reply, and nothing died on the way."""
    yield
    account = installation.command("reconcile", "--wait", "60")
    assert (account["agrees"], account["in_flight"], account["dead_letters"]) == (True, 0, 0)
