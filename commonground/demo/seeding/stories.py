"""Reads stories.toml: what is said, by which way, and what is answered."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("stories.toml")
#: What is not said by the resident but follows.
ANSWERS = ("key", "phone", "answer", "back", "outcome", "sentence")


@dataclass(frozen=True)
class Story:
    """One concern. With `phone` it comes as a text, else `body` is posted to the resident API."""

    key: str
    body: Mapping[str, Any]
    phone: str | None
    answer: str | None
    back: str | None
    outcome: str | None
    sentence: str | None


def read_stories(path: Path = FILE) -> list[Story]:
    """All of them, in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    return [_story(entry) for entry in entries]


def _story(entry: Mapping[str, Any]) -> Story:
    said = {name: value for name, value in entry.items() if name not in ANSWERS}
    follows: dict[str, Any] = {name: entry.get(name) for name in ANSWERS}
    return Story(body=said, **follows)
