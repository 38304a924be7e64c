"""What of the demo has been done already, kept beside its data: a new start goes on where the last one ended."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "demo.json"


class Journal:
    """When the demo was born, and per story the case's id, its receipt, and the steps taken."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        kept = json.loads(self._path.read_text()) if self._path.exists() else {}
        self._born: str | None = kept.get("born")
        self._stories: dict[str, dict[str, Any]] = kept.get("stories", {})

    @property
    def born(self) -> datetime | None:
        """The real moment of the first start; None before it."""
        return datetime.fromisoformat(self._born) if self._born else None

    def be_born(self) -> datetime:
        """This is the first start."""
        born = datetime.now(UTC)
        self._born = born.isoformat()
        self._keep()
        return born

    def of(self, key: str) -> dict[str, Any]:
        """What is known of a story; {} when nothing is."""
        return dict(self._stories.get(key, {}))

    def done(self, key: str, step: str) -> bool:
        """Whether a step of a story was taken."""
        return step in self._stories.get(key, {}).get("done", [])

    def note(self, key: str, step: str, **known: Any) -> None:
        """A step was taken; on disk at once."""
        story = self._stories.setdefault(key, {"done": []})
        story["done"].append(step)
        story.update(known)
        self._keep()

    def receipt(self) -> str | None:
        """The receipt of the first story that has one."""
        return next((story["receipt"] for story in self._stories.values() if story.get("receipt")), None)

    def _keep(self) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({"born": self._born, "stories": self._stories}, indent=1))
        new.replace(self._path)
