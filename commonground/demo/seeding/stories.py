"""Reads stories.toml: what is said, by which way and when, and what is answered."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("stories.toml")
#: How long ago the city of the demo began to listen.
HISTORY = timedelta(days=12)
#: What is not said by the resident but is about the story.
ABOUT = (
    "key", "day", "phone", "answer", "answer_hours", "back", "back_hours", "outcome", "outcome_hours", "sentence",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One concern. With `phone` it comes as a text, else `body` is posted to the resident API."""

    key: str
    body: Mapping[str, Any]
    day: float
    phone: str | None
    answer: str | None
    answer_hours: float | None
    back: str | None
    back_hours: float | None
    outcome: str | None
    outcome_hours: float | None
    sentence: str | None

    def steps(self) -> "Iterator[Step]":
        """What happens in it, with the time after the beginning."""
        told = timedelta(days=self.day)
        yield Step(told, "tell", self)
        for name, hours in (
            ("answer", self.answer_hours),
            ("back", self.back_hours),
            ("close", self.outcome_hours),
        ):
            if hours is not None:
                yield Step(told + timedelta(hours=hours), name, self)


@dataclass(frozen=True)
class Step:
    """One thing that somebody does: tell, answer, back or close."""

    after: timedelta
    name: str
    story: Story


def read_stories(path: Path = FILE) -> list[Story]:
    """All of them, in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    return [_story(entry) for entry in entries]


def in_order(stories: Sequence[Story]) -> list[Step]:
    """All steps of all stories, as they follow each other."""
    return sorted((step for story in stories for step in story.steps()), key=lambda step: step.after)


def _story(entry: Mapping[str, Any]) -> Story:
    said = {name: value for name, value in entry.items() if name not in ABOUT}
    about: dict[str, Any] = {name: entry.get(name) for name in ABOUT}
    return Story(body=said, **about)
