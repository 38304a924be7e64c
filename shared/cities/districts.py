"""The districts of a city: their codes, labels and outlines, and which one a point lies in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shapely import Point, STRtree
from shapely.geometry.base import BaseGeometry

from shared.cities.labels import Labels


@dataclass(frozen=True, slots=True)
class District:
    """An area with a code; the outline is a polygon or several, in degrees (WGS 84, longitude first)."""

    code: str
    labels: Labels
    outline: BaseGeometry


class Districts(Mapping[str, District]):
    """Districts by code, with a spatial index over their outlines."""

    def __init__(self, features: Sequence[District]) -> None:
        self._by_code = {district.code: district for district in features}
        self._in_order = tuple(self._by_code.values())
        self._tree = STRtree([district.outline for district in self._in_order])

    def __getitem__(self, code: str) -> District:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def knows(self, code: str | None) -> bool:
        """Whether a district has this code."""
        return code in self._by_code

    def at(self, lat: float, lon: float) -> str | None:
        """The code of the district around or touching the point; where outlines meet, the first in the pack."""
        found = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._in_order[min(found)].code if len(found) else None

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all outlines together; zeros without any."""
        if not self._in_order:
            return (0.0, 0.0, 0.0, 0.0)
        west, south, east, north = zip(*(district.outline.bounds for district in self._in_order), strict=True)
        return (min(west), min(south), max(east), max(north))
