"""Takes the steps of the stories in their order, each once, however often the demo is started."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol

from commonground.demo.seeding.front_door import FrontDoor
from commonground.demo.seeding.journal import Journal
from commonground.demo.seeding.stories import Step, Story, in_order


class Tokens(Protocol):
    """A member of staff's token by the person's id; oversight's for None."""

    def of(self, person_id: str | None) -> str: ...  # noqa: D102


class Time(Protocol):
    """Moves on to a time after the beginning."""

    def go_to(self, after: timedelta) -> None: ...  # noqa: D102


class Seeding:
    """Goes on where the journal ends. `settle` waits until everything that was said has had its effect."""

    def __init__(
        self, door: FrontDoor, tokens: Tokens, journal: Journal, time: Time, settle: Callable[[], None]
    ) -> None:
        self._door = door
        self._tokens = tokens
        self._journal = journal
        self._time = time
        self._settle = settle
        self._takes = {"tell": self._tell, "answer": self._answer, "back": self._back, "close": self._close}

    def run(self, stories: Sequence[Story]) -> None:
        """Every step that was not taken yet, at its own time."""
        for step in in_order(stories):
            if not self._journal.done(step.story.key, step.name):
                self._take(step)

    def _take(self, step: Step) -> None:
        self._settle()
        self._time.go_to(step.after)
        known = self._takes[step.name](step.story) or {}
        self._journal.note(step.story.key, step.name, **known)

    def _tell(self, story: Story) -> dict[str, Any] | None:
        if not story.phone:
            return self._door.tell(story)
        self._door.text(story)
        return None

    def _answer(self, story: Story) -> None:
        case, owner = self._case(story)
        # The answer may have gone out just before the journal could say so.
        if not case.get("first_responded_at"):
            self._door.write(case["id"], "replies", {"text": story.answer}, owner)

    def _close(self, story: Story) -> None:
        case, owner = self._case(story)
        if case["state"] != "resolved":
            closing = {"state": "resolved", "outcome": story.outcome, "sentence": story.sentence}
            self._door.write(case["id"], "state", {**closing, "reason": "Answered"}, owner)

    def _back(self, story: Story) -> None:
        self._door.write_back(self._journal.of(story.key)["receipt"], str(story.back))

    def _case(self, story: Story) -> tuple[dict[str, Any], str]:
        """The case as it stands, and the token of whoever answers for it."""
        case_id = self._journal.of(story.key)["id"]
        case: dict[str, Any] = self._door.case(case_id, self._tokens.of(None)).json()
        return case, self._tokens.of((case.get("owner") or {}).get("id"))
