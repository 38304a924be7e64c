"""A promise in words."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from services.notifications.domain.segments import BASIC
from services.notifications.handlers.moments import in_words

MOMENT = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
SOMEWHERE = SimpleNamespace(time_zone=ZoneInfo("America/New_York"), country="US")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Friday, November 20, 4:05 PM"),
        ("es", "viernes, 20 de noviembre, 4:05 p.m."),
        ("es-MX", "viernes, 20 de noviembre, 4:05 p.m."),
        ("tlh", "Friday, November 20, 4:05 PM"),
        ("not a language", "Friday, November 20, 4:05 PM"),
    ],
)
def test_a_moment_is_said_in_the_citys_zone(language, words):
    assert in_words(MOMENT, SOMEWHERE, language) == words


def test_it_costs_no_extra_segment():
    assert set(in_words(MOMENT, SOMEWHERE, "en")) <= BASIC
