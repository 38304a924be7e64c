"""The demo's stories: each step taken once, whatever interrupts; clearly invented; of every kind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commonground.demo.seeding.journal import Journal
from commonground.demo.seeding.past import Past
from commonground.demo.seeding.seed import Seeding
from commonground.demo.seeding.stories import HISTORY, Story, in_order, read_stories
from shared.cities import load
from shared.clock import FileClock
from shared.mentions import Mentions

CITY = load(Path(__file__).parents[3] / "cities" / "port-alder")
STORIES = read_stories()


class _Answer:
    def __init__(self, body: dict[str, Any]) -> None:
        self._body = body

    def json(self) -> dict[str, Any]:
        return self._body


class Door:
    """Remembers what was done; fails after a number of steps when asked to."""

    def __init__(self, steps: int = 10_000) -> None:
        self.done: list[tuple[str, str]] = []
        self.cases: dict[str, dict[str, Any]] = {}
        self.steps = steps

    def _do(self, what: str, key: str) -> None:
        if self.steps == 0:
            raise ConnectionError
        self.steps -= 1
        self.done.append((what, key))

    def tell(self, story: Story) -> dict[str, Any]:
        self._do("tell", story.key)
        self.cases[story.key] = {
            "id": story.key,
            "state": "assigned",
            "owner": {"id": "o"},
            "first_responded_at": None,
        }
        return {"id": story.key, "receipt": f"receipt of {story.key}"}

    def text(self, story: Story) -> None:
        self._do("text", story.key)

    def case(self, case_id: str, token: str) -> _Answer:
        return _Answer(self.cases[case_id])

    def write(self, case_id: str, what: str, body: dict[str, Any], token: str) -> None:
        assert token == "token of o"
        self._do(what, case_id)
        self.cases[case_id] |= {"first_responded_at": "now"} if what == "replies" else {"state": body["state"]}

    def write_back(self, receipt: str, text: str) -> None:
        self._do("back", receipt.removeprefix("receipt of "))


class Clock:
    """Remembers where it was put."""

    def __init__(self) -> None:
        self.times: list[timedelta] = []

    def go_to(self, after: timedelta) -> None:
        self.times.append(after)


class Tokens:
    def of(self, person_id: str | None) -> str:
        return f"token of {person_id}"


def seed(door: Door, folder: Path) -> list[timedelta]:
    clock = Clock()
    Seeding(door, Tokens(), Journal(folder), clock, lambda: None).run(STORIES)  # type: ignore[arg-type]
    return clock.times


def expected() -> set[tuple[str, str]]:
    steps = set()
    for story in STORIES:
        steps.add(("text" if story.phone else "tell", story.key))
        steps |= {("replies", story.key)} if story.answer else set()
        steps |= {("state", story.key)} if story.outcome else set()
        steps |= {("back", story.key)} if story.back else set()
    return steps


def test_every_step_is_taken_once(tmp_path: Path) -> None:
    door = Door()
    seed(door, tmp_path)
    assert set(door.done) == expected()
    assert len(door.done) == len(expected())


def test_time_only_goes_forward_and_ends_before_now(tmp_path: Path) -> None:
    times = seed(Door(), tmp_path)
    assert times == sorted(times)
    assert timedelta() < times[0]
    assert times[-1] < HISTORY


def test_there_is_something_to_see_about_waiting() -> None:
    answered = [story.answer_hours for story in STORIES if story.answer_hours]
    assert len(answered) >= 12
    late = timedelta(days=3)
    assert any(not s.answer and s.day < (HISTORY - late) / timedelta(days=1) for s in STORIES), "something overdue"
    assert any(hours > 48 for hours in answered), "a promise that was not kept"
    assert all((story.answer is None) == (story.answer_hours is None) for story in STORIES)
    assert all((story.outcome is None) == (story.outcome_hours is None) for story in STORIES)


def test_a_second_start_takes_none(tmp_path: Path) -> None:
    seed(Door(), tmp_path)
    again = Door()
    seed(again, tmp_path)
    assert again.done == []


@pytest.mark.parametrize("steps", range(len(expected())))
def test_interrupted_anywhere_it_goes_on(tmp_path: Path, steps: int) -> None:
    door = Door(steps)
    with pytest.raises(ConnectionError):
        seed(door, tmp_path)
    door.steps = 10_000
    seed(door, tmp_path)
    assert set(door.done) == expected()
    assert len(door.done) == len(expected())


def test_the_first_receipt_is_for_whoever_wants_to_look(tmp_path: Path) -> None:
    seed(Door(), tmp_path)
    assert Journal(tmp_path).receipt() == f"receipt of {in_order(STORIES)[0].story.key}"
    assert Journal(tmp_path / "nowhere").receipt() is None


def test_they_fit_the_city_and_its_rules() -> None:
    mentions = Mentions(CITY.words.values())
    for story in STORIES:
        assert story.body.get("category", "unsure") in CITY.categories, story.key
        district = story.body.get("location", {}).get("district")
        assert district is None or CITY.districts.knows(district), story.key
        assert not mentions.names_somebody(story.body["text"]), story.key
        assert (story.outcome is None) == (story.sentence is None), story.key


def test_they_are_clearly_invented() -> None:
    for story in STORIES:
        contact = story.body.get("contact", {})
        assert contact.get("email", "x.example").endswith(".example"), story.key
        for number in (contact.get("phone"), story.phone):
            assert number is None or number.startswith("+121555501"), story.key


def test_they_are_of_several_languages_districts_kinds_and_ways() -> None:
    assert len({story.body.get("language") for story in STORIES}) >= 4
    assert len({story.body.get("location", {}).get("district") for story in STORIES}) >= 8
    assert {story.body.get("kind", "concern") for story in STORIES} == {"concern", "suggestion", "thanks"}
    assert any(story.phone for story in STORIES)
    assert any(CITY.is_guarded(story.body.get("category", "unsure")) for story in STORIES)
    assert len({story.key for story in STORIES}) == len(STORIES)


def test_the_clock_begins_in_the_past_and_ends_at_now(tmp_path: Path) -> None:
    past, clock = Past(tmp_path, datetime.now(UTC)), FileClock(tmp_path / "clock")
    past.begin()
    assert abs(datetime.now(UTC) - HISTORY - clock.now()) < timedelta(seconds=5)
    past.go_to(timedelta(days=3))
    there = clock.now()
    assert abs(datetime.now(UTC) - HISTORY + timedelta(days=3) - there) < timedelta(seconds=5)
    past.go_to(timedelta(days=2))
    assert clock.now() >= there, "it never goes back"
    past.go_to(timedelta(days=400))
    assert clock.now() < datetime.now(UTC), "nor beyond now"
    past.end()
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(seconds=5)
    past.go_to(timedelta(days=1))
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(seconds=5), "what is over does not come back"


def test_a_demo_is_born_once(tmp_path: Path) -> None:
    born = Journal(tmp_path).be_born()
    assert Journal(tmp_path).born == born
