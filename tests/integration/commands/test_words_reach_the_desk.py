"""What residents write by API and by text stands in the console as they wrote it: every naughty string."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.routing.app import create_app
from services.routing.models import cases, people
from services.routing.queries.actors import actor_by_id
from services.routing.web.desk import EXTENSION
from shared.config import Settings
from tests.integration.commands.town import Town
from tests.integration.intake.front_door import FrontDoor
from tests.integration.intake.test_naughty_strings import on_a_page, shown
from tests.integration.routing.pages.browser import Browser
from tests.real_data import naughty_strings


@pytest.fixture
def door(small_town: Town, tmp_path: Path) -> Iterator[FrontDoor]:
    """The web process of the town's intake."""
    opened = FrontDoor.open(small_town.environ["INTAKE_DATABASE_URL"], tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def oversight(small_town: Town) -> Iterator[Browser]:
    """Somebody of oversight, who reads what is unsure."""
    app = create_app(Settings.load("routing", small_town.environ))
    with small_town.engines["routing"].connect() as conn:
        person = conn.scalars(select(people.c.id).where(people.c.role == "oversight").limit(1)).one()
        actor = actor_by_id(conn, person)
    yield Browser(app, small_town, actor)
    app.extensions[EXTENSION].close()


def arrived(town: Town, channel: str) -> str:
    """The case that came this way, once routing has heard of everything."""
    town.relay()
    town.consume("routing")
    with town.engines["routing"].connect() as conn:
        [case_id] = conn.scalars(
            select(cases.c.id).where(cases.c.channel == channel, cases.c.state != "quarantined")
        )
    return str(case_id)


def from_the_resident(browser: Browser, case_id: str) -> list[str]:
    """What stands in the bubbles of the case."""
    return shown(browser.get(f"/console/cases/{case_id}").response)


def test_by_api(small_town: Town, door: FrontDoor, oversight: Browser) -> None:
    written = [text for text in naughty_strings() if text.strip()]
    receipt = door.tell(written[0])["receipt"]
    for text in written[1:]:
        assert door.write(receipt, text).status_code == 201, ascii(text)
    case_id = arrived(small_town, "api")
    assert from_the_resident(oversight, case_id) == [on_a_page(text) for text in written]


def test_by_text(small_town: Town, door: FrontDoor, oversight: Browser) -> None:
    written = naughty_strings()
    for text in written:
        assert door.text(text).status_code == 200, ascii(text)
    case_id = arrived(small_town, "sms")
    assert from_the_resident(oversight, case_id) == [on_a_page(text) for text in written if text.strip()]
