"""Remembers which rows of which file went in at which address, so that an interrupted load goes on."""

import hashlib
import os
from pathlib import Path
from typing import TextIO

from commonground.failures import Failed

SYNC_EVERY = 100


class Journal:
    """One line a row that was accepted. A line that a crash cut off is as if it were not there.

    What was accepted but not noted is posted again under the same key, and answered as before.
    """

    def __init__(self, folder: Path, digest: str, url: str) -> None:
        place = hashlib.sha256(url.encode()).hexdigest()[:8]
        self._path = folder / f"{digest[:16]}-{place}.journal"
        self.done = self._read()
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
        """Begin anew."""
        self.done.clear()
        self._file.truncate(0)

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

    def _read(self) -> set[int]:
        if not self._path.exists():
            return set()
        lines = self._path.read_text(encoding="ascii", errors="ignore").split("\n")[:-1]
        return {int(line) for line in lines if line.isdigit()}

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unsynced = 0
