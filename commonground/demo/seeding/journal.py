"""What of the demo has been done already, kept beside its data: a new start goes on where the last one ended."""

import json
from pathlib import Path
from typing import Any

FILE = "demo.json"


class Journal:
    """Per story the case's id, its receipt, and the steps taken. Invented residents only."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._stories: dict[str, dict[str, Any]] = json.loads(self._path.read_text()) if self._path.exists() else {}

    def of(self, key: str) -> dict[str, Any]:
        """What is known of a story; {} when nothing is."""
        return dict(self._stories.get(key, {}))

    def note(self, key: str, **known: Any) -> None:
        """Add what is known now, on disk at once."""
        self._stories.setdefault(key, {}).update(known)
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self._stories, indent=1))
        new.replace(self._path)

    def receipt(self) -> str | None:
        """The receipt of the first story that has one."""
        return next((story["receipt"] for story in self._stories.values() if story.get("receipt")), None)
