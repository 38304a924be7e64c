"""`clocks`: what is stored is what the history proves, and whatever is not is named."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from services.routing.models import cases, clock_intervals, history, timers
from tests.integration.commands.town import Town

EARLIER = datetime(2026, 1, 5, 10, tzinfo=UTC)


def opened(town: Town) -> None:
    town.tell()
    town.tell("A second one.")
    town.relay()
    town.consume("routing")


def test_an_untouched_town_is_proven(town: Town) -> None:
    opened(town)
    told = town.told("clocks")
    assert (told["cases"], told["differences"], told["agrees"], told["exit"]) == (2, [], True, 0)
    assert "Every clock of 2 cases is what its history gives." in town.command("clocks").output


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (update(clock_intervals).values(due_at=clock_intervals.c.started_at), "first_response 1"),
        (delete(clock_intervals).where(clock_intervals.c.clock == "resolution"), "resolution 1"),
        (update(cases).values(response_due_at=None), "response_due_at"),
        (update(cases).values(received_at=EARLIER), "resolution 1"),
        (delete(timers), "timer"),
        (update(history).values(at=EARLIER), "acceptance 1"),
    ],
)
def test_what_was_tampered_with_is_named(small_town: Town, spoil: object, what: str) -> None:
    opened(small_town)
    with small_town.engines["routing"].begin() as conn:
        conn.execute(spoil)  # type: ignore[call-overload]
    told = small_town.told("clocks")
    assert (told["agrees"], told["exit"]) == (False, 1)
    assert what in {each["what"] for each in told["differences"]}
    assert "differences in 2 cases" in small_town.command("clocks").output
