"""Which columns of a file mean what to us, and what a row becomes at the front door."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.failures import Failed
from shared.cities import City

KNOWN = (
    "text", "category", "classification", "district", "language", "lat", "lon", "occurred_at", "phone", "email",
)  # fmt: skip
KINDS = ("suggestion", "thanks")


class UnusableRow(Exception):
    """A row that cannot be sent; the message says why."""


def mapping_of(given: str | None) -> dict[str, str]:
    """`text=narrative,occurred_at=date_received` as our names to theirs. Raises Failed."""
    pairs = [part.strip() for part in (given or "").split(",") if part.strip()]
    found: dict[str, str] = {}
    for pair in pairs:
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not equals or not theirs:
            raise Failed(f"--map takes OURS=THEIRS, comma separated; {pair!r} is not that.")
        if ours not in KNOWN:
            raise Failed(f"--map names {ours!r}, but our columns are {', '.join(KNOWN)}.")
        found[ours] = theirs
    return found


@dataclass(frozen=True)
class Columns:
    """Where each of our columns stands in the file, and which columns of the file mean nothing to us."""

    places: Mapping[str, str]
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, header: Sequence[str], mapping: Mapping[str, str]) -> "Columns":
        """Ours by their own name unless --map says otherwise. Raises Failed when text is missing."""
        missing = [theirs for theirs in mapping.values() if theirs not in header]
        if missing:
            raise Failed(f"The file has no column {', '.join(missing)}; it has {', '.join(header)}.")
        places = {name: name for name in KNOWN if name in header} | dict(mapping)
        if "text" not in places:
            raise Failed(
                f"The file has no column text; it has {', '.join(header)}. Name the one that holds it: --map text=…"
            )
        return cls(places, tuple(name for name in header if name not in places.values()))

    @property
    def digest(self) -> str:
        """Tells one choice of columns from another: with another one, a row becomes another concern."""
        return hashlib.sha256(json.dumps(dict(self.places), sort_keys=True).encode()).hexdigest()

    def value(self, row: Mapping[str, Any], name: str) -> str:
        """The row's value of one of our columns, without surrounding space; "" when there is none."""
        return str(row.get(self.places.get(name, ""), "") or "").strip()

    def body(self, row: Mapping[str, Any], city: City | None) -> dict[str, Any]:
        """What is posted for a row. Raises UnusableRow."""
        if None in row:
            raise UnusableRow("The row has more values than the file has columns.")
        body: dict[str, Any] = {"text": str(row.get(self.places["text"]) or "")}
        for name in ("language", "occurred_at"):
            if self.value(row, name):
                body[name] = self.value(row, name)
        if category := self._category(row, city):
            body["category"] = category
            body |= {"kind": category} if category in KINDS else {}
        if location := self._location(row):
            body["location"] = location
        if contact := {name: self.value(row, name) for name in ("phone", "email") if self.value(row, name)}:
            body["contact"] = contact
        return body

    def _category(self, row: Mapping[str, Any], city: City | None) -> str:
        """The category given; else what the city pack makes of the classification, which may be nothing."""
        category = self.value(row, "category")
        classification = self.value(row, "classification")
        if category or not classification or city is None:
            return category
        return city.category_of(classification) or ""

    def _location(self, row: Mapping[str, Any]) -> dict[str, Any]:
        location: dict[str, Any] = {}
        for name in ("lat", "lon"):
            if self.value(row, name):
                location[name] = _degrees(name, self.value(row, name))
        if self.value(row, "district"):
            location["district"] = self.value(row, "district")
        return location


def _degrees(name: str, given: str) -> float:
    try:
        degrees = float(given)
    except ValueError:
        degrees = math.nan
    # Python reads nan and inf as numbers; JSON has no way to say them.
    if not math.isfinite(degrees):
        raise UnusableRow(f"{name} is no number: {given}")
    return degrees
