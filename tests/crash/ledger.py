"""What happened, as those outside saw it: one line of JSON an entry, appended by many threads."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Ledger:
    """An append-only file; every entry gets the moment it was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def write(self, what: str, **facts: Any) -> None:
        """Append one entry."""
        line = json.dumps({"what": what, "at": time.time(), **facts})
        with self._lock, self.path.open("a") as file:
            file.write(line + "\n")

    def read(self, what: str | None = None) -> Iterator[dict[str, Any]]:
        """The entries, or those of one kind, in order."""
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                entry = json.loads(line)
                if what is None or entry["what"] == what:
                    yield entry
