"""What is promised, in words: opening hours are said as such, and never drawn on the scale of hours that passed."""

from pathlib import Path

import pytest
from flask_babel import gettext

from services.routing.reports import Line
from services.routing.web.supervisor.tables import Tables
from shared.cities import City, load
from shared.design import moments

PACK = Path(__file__).parents[3] / "cities" / "port-alder"
LINE = Line(
    key="x", count=9, answered=9, kept=9, owed=9, median_s=3600.0, p90_s=7200.0, compliance=1.0, open_overdue=0
)


@pytest.fixture(scope="module")
def city() -> City:
    return load(PACK)


def test_opening_hours_are_said_as_such(city):
    tables = Tables(None, None, lambda seconds: moments.span(seconds, gettext))
    assert tables.promise(city) == "promise: 8 h to 40 opening hours, by category"
    shown = tables._against(LINE, city.policy_for("noise"), "/x", "Noise")
    assert "2 h</a> · promise: 16 opening hours" in shown
    assert "<svg" not in shown
