"""Writes the rows that were not taken, with the reason, beside the file or where that is not possible."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

EXTRA = ("row", "reason")


class Rejected:
    """FILE.rejected.csv: the columns of the file, the row's number, and why. Made at the first rejected row."""

    def __init__(self, source: Path, header: Sequence[str], fallback: Path) -> None:
        self._header = header
        self._places = (
            source.with_name(f"{source.name}.rejected.csv"),
            fallback / f"{source.name}.rejected.csv",
        )
        self._file: TextIO | None = None
        self._writer: Any = None
        self.path: Path | None = None
        self.count = 0

    def add(self, number: int, row: Mapping[str, Any], reason: str) -> None:
        """Keep one row."""
        if self._file is None:
            self._open()
        # Values beyond the last column stand under None; they are part of what is wrong.
        values = [row.get(name) or "" for name in self._header]
        self._writer.writerow([*values, number, reason])
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> None:
        for place in self._places:
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                self._file = place.open("w", newline="", encoding="utf-8")
            except OSError:
                continue
            self.path = place
            break
        else:
            raise OSError(f"neither {self._places[0]} nor {self._places[1]} can be written")
        self._writer = csv.writer(self._file)
        self._writer.writerow([*self._header, *EXTRA])
