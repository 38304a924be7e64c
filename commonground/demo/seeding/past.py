"""The demo's past: its clock begins twelve days ago and is moved on from step to step, up to now.

Only the clock is moved: every case of the demo is told, opened and answered by the same code at its own time.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from commonground.demo.seeding.stories import HISTORY

FILE = "clock"


class Past:
    """The file that all clocks of the demo read: seconds to add to the real time; without it they are right."""

    def __init__(self, folder: Path, born: datetime) -> None:
        self._file = folder / FILE
        self._born = born

    def begin(self) -> None:
        """The clock stands at the beginning."""
        self._set(-HISTORY)

    def go_to(self, after: timedelta) -> None:
        """Move the clock on to a time after the beginning. It never goes back, and never beyond now."""
        wanted = self._born - HISTORY + after - datetime.now(UTC)
        if self._offset() < wanted < timedelta():
            self._set(wanted)

    def end(self) -> None:
        """From here on it is now."""
        self._file.unlink(missing_ok=True)

    def _offset(self) -> timedelta:
        return timedelta(seconds=float(self._file.read_text())) if self._file.exists() else timedelta()

    def _set(self, offset: timedelta) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(str(offset.total_seconds()))
        new.replace(self._file)
