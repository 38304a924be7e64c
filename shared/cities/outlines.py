"""Reads districts.geojson (RFC 7946): features with a code, labels and a polygon that can be used."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from shapely import GEOSException
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from shared.cities.districts import District

FILE = "districts.geojson"


def read(folder: Path, languages: Sequence[str], problems: list[str]) -> list[District]:
    """The usable districts of a pack; what is wrong with the others is added to `problems`."""
    features = _features(folder / FILE, problems)
    found = [_district(number, feature, languages, problems) for number, feature in enumerate(features, start=1)]
    districts = [district for district in found if district is not None]
    for code, times in Counter(district.code for district in districts).items():
        if times > 1:
            problems.append(f"{FILE}: district {code} stands there {times} times")
    return districts


def _features(path: Path, problems: list[str]) -> list[Any]:
    try:
        document = orjson.loads(path.read_bytes())
    except OSError as error:
        problems.append(f"{FILE} cannot be read: {error.strerror}")
        return []
    except orjson.JSONDecodeError as error:
        problems.append(f"{FILE} is no JSON: {error}")
        return []
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        problems.append(f"{FILE} is no GeoJSON FeatureCollection")
        return []
    return features


def _district(number: int, feature: Any, languages: Sequence[str], problems: list[str]) -> District | None:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str) or not code:
        problems.append(f"{FILE}: feature {number} has no code (a text) among its properties")
        return None
    labels = properties.get("label")
    if not isinstance(labels, dict) or not all(isinstance(text, str) for text in labels.values()):
        problems.append(f'{FILE}: district {code} has no label such as {{"en": "…"}}')
        labels = dict.fromkeys(languages, code)
    outline = _outline(feature.get("geometry"))
    if isinstance(outline, str):
        problems.append(f"{FILE}: district {code} {outline}")
        return None
    return District(code, labels, outline)


def _outline(geometry: Mapping[str, Any] | None) -> BaseGeometry | str:
    """The polygon, or what is wrong with it."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return "has no polygon"
    try:
        outline = shape(geometry)
    except (GEOSException, ValueError, TypeError, KeyError, IndexError):
        return "has a polygon that cannot be read"
    if outline.is_empty or not outline.is_valid:
        return f"has a bad polygon: {explain_validity(outline) if not outline.is_empty else 'it is empty'}"
    west, south, east, north = outline.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        return "lies outside the world; GeoJSON writes longitude first"
    return outline
