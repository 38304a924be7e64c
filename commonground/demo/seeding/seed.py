"""Tells the stories and answers some of them, each step once, however often the demo is started."""

from collections.abc import Sequence
from typing import Any, Protocol

from commonground.demo.seeding.front_door import FrontDoor
from commonground.demo.seeding.journal import Journal
from commonground.demo.seeding.stories import Story


class Tokens(Protocol):
    """A member of staff's token by the person's id; oversight's for None."""

    def of(self, person_id: str | None) -> str: ...  # noqa: D102


class Seeding:
    """Goes on where the journal ends."""

    def __init__(self, door: FrontDoor, tokens: Tokens, journal: Journal) -> None:
        self._door = door
        self._tokens = tokens
        self._journal = journal

    def run(self, stories: Sequence[Story]) -> None:
        """First all are told, then those are answered that will be."""
        for story in stories:
            self._tell(story)
        for story in stories:
            if story.answer:
                self._answer(story)

    def _tell(self, story: Story) -> None:
        if self._journal.of(story.key):
            return
        if story.phone:
            self._door.text(story)
            self._journal.note(story.key, told=True)
        else:
            self._journal.note(story.key, **self._door.tell(story))

    def _answer(self, story: Story) -> None:
        known = self._journal.of(story.key)
        if known.get("answered"):
            return
        case = self._case(known["id"])
        owner = self._tokens.of((case.get("owner") or {}).get("id"))
        # The answer may have gone out just before the journal could say so.
        if not case.get("first_responded_at"):
            self._door.write(known["id"], "replies", {"text": story.answer}, owner)
        if story.outcome and case["state"] != "resolved":
            closing = {"state": "resolved", "outcome": story.outcome, "sentence": story.sentence}
            self._door.write(known["id"], "state", {**closing, "reason": "Answered"}, owner)
        if story.back:
            self._door.write_back(known["receipt"], story.back)
        self._journal.note(story.key, answered=True)

    def _case(self, case_id: str) -> dict[str, Any]:
        case: dict[str, Any] = self._door.case(case_id, self._tokens.of(None)).json()
        return case
