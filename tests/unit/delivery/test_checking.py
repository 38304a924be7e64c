"""Events are held against the catalogue in every test, as strictly as a reader could wish."""

from datetime import UTC, datetime

import pytest

from shared.events import Event, checking, full_type
from shared.events.checking import Uncatalogued
from shared.ids import new_id

NOTE = {"note_id": str(new_id()), "by": str(new_id()), "at": datetime.now(UTC)}


def event(data, name="note.added", source="/routing"):
    return Event(
        id=new_id(), source=source, type=full_type(name), subject=new_id(), sequence=1,
        time=datetime.now(UTC), data=data, correlationid="c",
    )  # fmt: skip


def test_it_is_on_in_tests_and_can_be_on_twice():
    with checking.strictly():
        assert checking.is_on()
    assert checking.is_on()


def test_an_event_as_the_catalogue_says_passes():
    checking.check(event(NOTE))


@pytest.mark.parametrize(
    "data",
    [
        {name: value for name, value in NOTE.items() if name != "by"},
        NOTE | {"by": None},
        NOTE | {"by": "nobody"},
        NOTE | {"undeclared": 1},
    ],
)
def test_missing_wrong_and_undeclared_fields_are_found(data):
    with pytest.raises(Uncatalogued):
        checking.check(event(data))


def test_a_service_publishes_only_its_own_events():
    with pytest.raises(Uncatalogued, match="/routing"):
        checking.check(event(NOTE, source="/intake"))
