"""The file: its rows by number, and its identity, by which a later load knows what was done."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonground.failures import Failed

#: The longest field we read; longer ones are refused at the front door anyway, with the reason.
LONGEST_FIELD = 10_000_000


@dataclass(frozen=True)
class Loaded:
    """One row, counted from 1 without the header."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """All rows of a CSV file in UTF-8 whose first line names the columns."""

    path: Path
    header: tuple[str, ...]
    digest: str
    count: int

    @classmethod
    def open(cls, path: Path) -> "Rows":
        """Look through the file once. Raises Failed when it is no CSV file with a header."""
        csv.field_size_limit(LONGEST_FIELD)
        header = cls._header(path)
        count = sum(1 for _ in _read(path))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return cls(path, header, digest, count)

    @staticmethod
    def _header(path: Path) -> tuple[str, ...]:
        with path.open(newline="", encoding="utf-8-sig") as file:
            try:
                header = tuple(name.strip() for name in next(csv.reader(file), []))
            except (UnicodeDecodeError, csv.Error) as error:
                raise Failed(_unreadable(path, error)) from None
        if not any(header):
            raise Failed(f"{path} is empty; its first line must name the columns.")
        if len(set(header)) < len(header):
            raise Failed(f"{path} names a column twice: {', '.join(header)}.")
        return header

    def __iter__(self) -> Iterator[Loaded]:
        for number, values in enumerate(_read(self.path, self.header), start=1):
            yield Loaded(number, values)


def _read(path: Path, header: tuple[str, ...] | None = None) -> Iterator[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if header:
            reader.fieldnames = header
            next(csv.reader(file), None)
        try:
            yield from reader
        except (UnicodeDecodeError, csv.Error) as error:
            raise Failed(_unreadable(path, error)) from None


def _unreadable(path: Path, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"{path} is not in UTF-8. Save it as «CSV UTF-8», or: iconv -f WINDOWS-1252 -t UTF-8 {path.name}"
    return f"{path} is no CSV file: {error}"
