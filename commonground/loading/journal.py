"""Remembers which rows of which file went in at which address, so that an interrupted load goes on."""

import hashlib
import os
from pathlib import Path
from typing import TextIO

from commonground.failures import Failed

SYNC_EVERY = 100
ANEW = "anew"


class Journal:
    """One line a row that was accepted, and one where all began anew, which `generation` counts.

    A line that a crash cut off is as if it were not there. What was accepted but not noted is posted again
    under the same key, and answered as before; a new generation has new keys.
    """

    def __init__(self, folder: Path, digest: str, url: str) -> None:
        place = hashlib.sha256(url.encode()).hexdigest()[:8]
        self._path = folder / f"{digest[:16]}-{place}.journal"
        self.generation, self.done = self._read()
        self._unsynced = 0
        self._file = self._open()

    def note(self, number: int) -> None:
        """The row is in."""
        self.done.add(number)
        self._file.write(f"{number}\n")
        self._file.flush()
        self._unsynced += 1
        if self._unsynced >= SYNC_EVERY:
            self._sync()

    def forget(self) -> None:
        """Begin anew. It is on disk before anything is posted under the new keys."""
        self.done.clear()
        self.generation += 1
        self._file.write(f"{ANEW}\n")
        self._sync()

    def close(self) -> None:
        """Everything on disk."""
        self._sync()
        self._file.close()

    def _open(self) -> TextIO:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._cut_off()
            return self._path.open("a", encoding="ascii")
        except OSError as error:
            raise Failed(
                f"What was loaded cannot be noted in {self._path.parent}: {error.strerror}. "
                "Name a folder that can be written to: DATA_DIR=…"
            ) from None

    def _cut_off(self) -> None:
        """Remove a line without an end, before another is written after it."""
        if self._path.exists():
            content = self._path.read_bytes()
            os.truncate(self._path, content.rfind(b"\n") + 1)

    def _read(self) -> tuple[int, set[int]]:
        """How often it began anew, and which rows are in since then."""
        if not self._path.exists():
            return 0, set()
        lines = self._path.read_text(encoding="ascii", errors="ignore").split("\n")[:-1]
        since = max((number for number, line in enumerate(lines, start=1) if line == ANEW), default=0)
        return lines.count(ANEW), {int(line) for line in lines[since:] if line.isdigit()}

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unsynced = 0
